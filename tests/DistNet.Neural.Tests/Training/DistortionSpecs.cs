namespace DistNet.Neural.Tests;

public class DistortionSpecs
{
    private const int Side = 12;
    private const int Pixels = Side * Side;

    private static readonly ArrayExamples Examples = ArrayExamples.Clusters(40, Pixels, 4);

    [Fact]
    public void Without_displacement_and_map_an_image_stays_as_it_is() =>
        Assert.Equal(Loaded(null, 1, 3), Loaded(new DistortionSpec { Alpha = 0 }, 1, 3));

    [Fact]
    public void An_example_is_distorted_in_the_same_way_whoever_computes_it_with_which_others()
    {
        var (alone, among) = (Loaded(new DistortionSpec(), 2, 5), Loaded(new DistortionSpec(), 2, 9, 5, 1));
        Assert.Equal(alone, among[Pixels..(2 * Pixels)]);
    }

    [Fact]
    public void It_is_distorted_in_another_way_in_another_epoch_and_with_another_seed()
    {
        var first = Loaded(new DistortionSpec(), 1, 5);
        Assert.NotEqual(Loaded(null, 1, 5), first);
        Assert.NotEqual(Loaded(new DistortionSpec(), 2, 5), first);
        Assert.NotEqual(LoadedBy(2, new DistortionSpec(), 1, 5), first);
    }

    /// <summary>Noise whose deviation is 1 / sqrt 3, under a Gaussian of deviation s in two dimensions, keeps 1 / (2 s sqrt pi) of it.</summary>
    [Fact]
    public void Pixels_move_as_far_as_the_formula_says()
    {
        const int side = 41; // its middle is as if there were no border
        const double alpha = 3, sigma = 3;
        var moved = new List<double>();
        for (var example = 0; example < 2000; example++)
        {
            var image = Ramp(side);
            new ElasticDistortion(new DistortionSpec { Alpha = alpha, Sigma = sigma }, seed: 1, side).Apply(1, [example], image);
            moved.Add((image[(side / 2 * side) + (side / 2)] * side) - (side / 2));
        }

        var deviation = Math.Sqrt(moved.Average(shift => shift * shift));
        Assert.InRange(moved.Average(), -0.03, 0.03);
        Assert.InRange(deviation / (alpha / Math.Sqrt(3) / (2 * sigma * Math.Sqrt(Math.PI))), 0.93, 1.07);
    }

    [Fact]
    public void An_affine_map_leaves_the_centre_where_it_is_and_moves_the_corners()
    {
        const int side = 21;
        var image = new float[side * side];
        image[(side / 2 * side) + (side / 2)] = 1;
        new ElasticDistortion(new DistortionSpec { Alpha = 0, Affine = 0.2 }, seed: 1, side).Apply(1, [0], image);
        Assert.Equal(1, image[(side / 2 * side) + (side / 2)]);

        var corners = Ramp(side);
        new ElasticDistortion(new DistortionSpec { Alpha = 0, Affine = 0.2 }, seed: 1, side).Apply(1, [0], corners);
        Assert.NotEqual(Ramp(side)[side - 1], corners[side - 1], 1e-3);
    }

    [Fact]
    public void Its_numbers_are_these_on_every_machine() =>
        Assert.Equal("0917d66a297f0b95", Runs.Sha256(Loaded(new DistortionSpec { Affine = 0.1 }, 3, 7, 8))[..16]);

    [Fact]
    public void Training_examples_are_distorted_and_validation_examples_are_not()
    {
        var spec = Runs.Small with
        {
            Network = NetworkSpec.WithInputs(Pixels).Dense(4, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
            ValidationFraction = 0.5,
            Epochs = 1,
            Distortion = new DistortionSpec(),
        };
        var result = Runs.Train(spec, Examples);
        Assert.NotEqual(Runs.Train(spec with { Distortion = null }, Examples).Parameters, result.Parameters);
        var kept = new ExampleRange(Examples, 20, 20);
        Assert.Equal(Evaluation.Evaluate(spec.Network, result.Parameters, kept).Statistics.MeanLoss, result.History[0].Validation!.Value.MeanLoss, 1e-6);
    }

    [Fact]
    public void An_image_allocates_nothing()
    {
        var distortion = new ElasticDistortion(new DistortionSpec { Affine = 0.1 }, 1, Side);
        var (image, examples) = (new float[Pixels], new[] { 1 });
        distortion.Apply(1, examples, image);
        var before = GC.GetAllocatedBytesForCurrentThread();
        distortion.Apply(1, examples, image);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("elastic:alpha=-1", "distortion.alpha must be at least 0")]
    [InlineData("elastic:sigma=0", "distortion.sigma must be greater than 0")]
    [InlineData("elastic:affine=1", "distortion.affine must be at least 0 and less than 1")]
    [InlineData("wavy", "The distortion 'wavy' is unknown: choose elastic.")]
    [InlineData("elastic:beta=1", "has no option 'beta'")]
    public void An_impossible_one_is_refused(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => DistortionSpec.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Inputs_that_are_no_square_image_are_refused()
    {
        var fault = Assert.Throws<ArgumentException>(() => (Runs.Small with { Distortion = new DistortionSpec() }).Validate());
        Assert.Equal("distortion needs square images, but 6 inputs are no square: leave it out.", fault.Message);
    }

    [Fact]
    public void It_is_written_and_read_again_and_a_specification_without_it_is_written_as_it_always_was()
    {
        var spec = Runs.Small with
        {
            Network = NetworkSpec.WithInputs(4).Dense(2, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
            Distortion = DistortionSpec.Parse("elastic:alpha=8,sigma=2.5,affine=0.05"),
        };
        Assert.Equal(spec, TrainingSpecJson.Read(TrainingSpecJson.Write(spec), "run.json"));
        Assert.DoesNotContain("distortion", TrainingSpecJson.Write(Runs.Small), StringComparison.Ordinal);
    }

    private static float[] Loaded(DistortionSpec? distortion, int epoch, params int[] examples) => LoadedBy(1, distortion, epoch, examples);

    private static float[] LoadedBy(int seed, DistortionSpec? distortion, int epoch, params int[] examples)
    {
        var pass = Pass();
        Step(distortion, seed).Load(pass, epoch, examples);
        return [.. pass.Inputs(examples.Length)];
    }

    private static Backpropagation<float> Pass() =>
        new(NetworkSpec.WithInputs(Pixels).Dense(4, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy), 4, 8);

    private static StepExamples Step(DistortionSpec? distortion, int seed) => new(
        Runs.Small with { Network = Runs.Small.Network with { InputSize = Pixels }, Distortion = distortion, Seed = seed }, Examples);

    /// <summary>Each pixel is its column over the side, so that a value tells how far it came from.</summary>
    private static float[] Ramp(int side) => [.. Enumerable.Range(0, side * side).Select(pixel => (float)(pixel % side) / side)];
}
