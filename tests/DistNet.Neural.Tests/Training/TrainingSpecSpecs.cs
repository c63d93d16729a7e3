using FsCheck.Xunit;
using MathNet.Numerics.Random;

namespace DistNet.Neural.Tests;

public class TrainingSpecSpecs
{
    private static readonly TrainingSpec Spec = new()
    {
        Network = NetworkSpec.WithInputs(4).Dense(3, Activation.Tanh, Initializer.HeUniform).Dense(2, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
        Optimizer = OptimizerSpec.Parse("adamw:learningRate=0.003"),
        Schedule = ScheduleSpec.Parse("step:drop=0.1,every=5,warmup=2"),
        WeightDecay = 1e-4f,
        Epochs = 7,
        BatchSize = 33,
        MicroBatchSize = 5,
        Seed = -12,
        ValidationFraction = 0.15,
        EarlyStoppingPatience = 3,
    };

    private const string Minimal =
        """
        { "network": { "inputs": 2, "loss": "mean_squared_error", "layers": [ { "units": 1 } ] }, "optimizer": "sgd" }
        """;

    [Fact]
    public void A_specification_written_is_read_again() => Assert.Equal(Spec, TrainingSpecJson.Read(TrainingSpecJson.Write(Spec), "run.json"));

    [Fact]
    public void Every_optimizer_and_schedule_is_written_and_read_again()
    {
        foreach (var optimizer in OptimizerSpec.Names)
        {
            foreach (var schedule in ScheduleSpec.Names)
            {
                var spec = Spec with { Optimizer = OptimizerSpec.Parse(optimizer), Schedule = ScheduleSpec.Parse(schedule), EarlyStoppingPatience = null };
                Assert.Equal(spec, TrainingSpecJson.Read(TrainingSpecJson.Write(spec), "run.json"));
            }
        }
    }

    [Fact]
    public void Specifications_that_differ_in_one_layer_differ() =>
        Assert.NotEqual(Spec, Spec with { Network = Spec.Network with { Layers = Spec.Network.Layers.SetItem(0, new DenseSpec(3, Activation.Relu)) } });

    [Fact]
    public void What_is_left_out_takes_its_default()
    {
        var spec = TrainingSpecJson.Read(Minimal, "spec.json");
        var expected = new TrainingSpec
        {
            Network = NetworkSpec.WithInputs(2).Dense(1).Minimize(Loss.MeanSquaredError),
            Optimizer = new SgdOptimizer(),
        };
        Assert.Equal(expected, spec);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed() =>
        Assert.Equal(2, TrainingSpecJson.Read(Minimal.Replace("\"sgd\" }", "\"sgd\", /* for now */ }", StringComparison.Ordinal), "spec.json").Network.InputSize);

    [Theory]
    [InlineData("\"optimizer\": \"sgd\"", "\"optimizer\": \"sdg\"", "spec.json: $.optimizer: The optimizer 'sdg' is unknown")]
    [InlineData("\"optimizer\": \"sgd\"", "\"optimizer\": { \"name\": \"sgd\", \"momentum\": 1 }", "spec.json: $.optimizer: The optimizer sgd has no option 'momentum'")]
    [InlineData("\"optimizer\": \"sgd\"", "\"optimizer\": { \"name\": \"sgd\", \"learningRate\": \"x\" }", "spec.json: $.optimizer.learningRate must be a number, but is \"x\".")]
    [InlineData("\"optimizer\": \"sgd\"", "\"optimizer\": { \"learningRate\": 1 }", "spec.json: $.optimizer.name is missing.")]
    [InlineData("\"optimizer\": \"sgd\"", "\"optimizer\": 3", "spec.json: $.optimizer must be a name or an object, but is 3.")]
    [InlineData("\"optimizer\": \"sgd\"", "\"seed\": 1", "spec.json: $.optimizer is missing.")]
    [InlineData("\"inputs\": 2", "\"inputs\": 0", "spec.json: $.network.inputs must be at least 1, but is 0.")]
    [InlineData("\"inputs\": 2", "\"inputs\": 2.5", "spec.json: $.network.inputs must be a whole number of 32 bits, but is 2.5.")]
    [InlineData("\"inputs\": 2", "\"inputs\": 3000000000", "spec.json: $.network.inputs must be a whole number of 32 bits, but is 3000000000.")]
    [InlineData("\"inputs\": 2", "\"input\": 2", "spec.json: $.network.inputs is missing.")]
    [InlineData("\"inputs\": 2", "\"inputs\": 2, \"width\": 3", "spec.json: $.network.width is unknown: the members here are inputs, layers, loss.")]
    [InlineData("\"inputs\": 2", "\"inputs\": 2, \"inputs\": 3", "spec.json: $.network.inputs is given twice: keep one.")]
    [InlineData("\"units\": 1", "\"units\": 1, \"activation\": \"Relu\"", "spec.json: $.network.layers[0].activation must be linear, relu, sigmoid, tanh or softmax, but is \"Relu\".")]
    [InlineData("{ \"units\": 1 }", "", "spec.json: $.network.layers must hold at least one dense layer, but is empty.")]
    [InlineData("{ \"units\": 1 }", "5", "spec.json: $.network.layers[0] must be an object, but is 5.")]
    [InlineData("mean_squared_error", "categorical_crossentropy", "spec.json: $.network.layers[0].activation must be softmax, because")]
    [InlineData("{ \"network\"", "{ \"format\": 2, \"network\"", "spec.json: $.format must be 1, the format this version of DistNet reads, but is 2.")]
    [InlineData("{ \"network\"", "{ \"epochs\": 0, \"network\"", "spec.json: $.epochs must be at least 1, but is 0.")]
    [InlineData("{ \"network\"", "{ \"weightDecay\": 1e99, \"network\"", "spec.json: $.weightDecay must be a number, but is 1e99.")]
    [InlineData("{ \"network\"", "{ \"earlyStoppingPatience\": \"3\", \"network\"", "spec.json: $.earlyStoppingPatience must be a whole number of 32 bits, but is \"3\".")]
    [InlineData("{ \"network\"", "{ \"schedule\": \"cosine:floor=2\", \"network\"", "spec.json: $.schedule.floor must be")]
    [InlineData("\"sgd\"", "\"\\ud800\"", "spec.json: a string is no valid Unicode text")]
    [InlineData("{ \"network\"", "[ \"network\"", "spec.json: line 1, byte ")]
    public void A_faulty_specification_is_refused_in_one_sentence(string right, string wrong, string expected)
    {
        var json = Minimal.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Minimal, json);
        Assert.StartsWith(expected, Assert.Throws<InvalidDataException>(() => TrainingSpecJson.Read(json, "spec.json")).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever bytes change, the answer is a specification or one sentence, never another exception.</summary>
    [Property(MaxTest = 1000)]
    public bool A_damaged_specification_is_read_or_refused(int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        const string Damages = "{}[]\",:0-9.e\\u nulltrue";
        var json = TrainingSpecJson.Write(Spec).ToCharArray();
        for (var damage = 0; damage < 3; damage++)
            json[random.Next(json.Length)] = Damages[random.Next(Damages.Length)];
        try
        {
            TrainingSpecJson.Read(new string(json), "spec.json").Validate();
            return true;
        }
        catch (InvalidDataException refusal)
        {
            return refusal.Message.StartsWith("spec.json: ", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_a_run_cannot_have_are_refused_in_one_sentence()
    {
        Refuses(Spec with { BatchSize = 0 }, "batchSize must be at least 1, but is 0.");
        Refuses(Spec with { MicroBatchSize = -1 }, "microBatchSize must be at least 1, but is -1.");
        Refuses(Spec with { Epochs = 0 }, "epochs must be at least 1, but is 0.");
        Refuses(Spec with { WeightDecay = float.NaN }, "weightDecay must be a number of at least 0, but is NaN.");
        Refuses(Spec with { WeightDecay = -1 }, "weightDecay must be a number of at least 0, but is -1.");
        Refuses(Spec with { ValidationFraction = 1 }, "validationFraction must be at least 0 and less than 1, but is 1.");
        Refuses(Spec with { ValidationFraction = double.NaN }, "validationFraction must be at least 0 and less than 1, but is NaN.");
        Refuses(Spec with { EarlyStoppingPatience = 0 }, "earlyStoppingPatience must be at least 1 epoch, but is 0.");
        Refuses(Spec with { Optimizer = new SgdOptimizer(float.NaN) }, "optimizer.learningRate must be a positive number, but is NaN.");
        Refuses(Spec with { Optimizer = new SgdOptimizer(float.PositiveInfinity) }, "optimizer.learningRate must be a positive number, but is Infinity.");
        Refuses(Spec with { Schedule = new StepSchedule(Drop: double.NaN) }, "schedule.drop must be greater than 0 and at most 1, but is NaN.");
    }

    [Fact]
    public void A_validation_share_must_leave_examples_on_both_sides()
    {
        Refuses(Spec with { ValidationFraction = 0.99 }, "validationFraction 0.99 leaves none of 4 examples to train on: choose a smaller one.", 4);
        Refuses(Spec with { ValidationFraction = 0.01 }, "validationFraction 0.01 of 4 examples is less than one: choose a larger one, or 0 for none.", 4);
        Refuses(Spec with { ValidationFraction = 0 }, "the training set must hold at least 1 example, but holds 0.", 0);
        Spec.Validate(exampleCount: 100);
    }

    private static void Refuses(TrainingSpec spec, string expected, int? exampleCount = null) =>
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => spec.Validate(exampleCount)).Message);
}
