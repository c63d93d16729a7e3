using DistNet.Neural;

namespace DistNet;

/// <summary>An image that a model takes for something else.</summary>
/// <param name="Index">The image, counted from 0.</param>
/// <param name="Truth">Its label.</param>
/// <param name="Answer">What the model says.</param>
/// <param name="Output">The model's output for that: its probability, under a soft-max.</param>
internal sealed record Mistake(int Index, int Truth, int Answer, float Output)
{
    /// <summary>All mistakes on a set of images, the surest first.</summary>
    /// <exception cref="InvalidDataException">The images do not fit the model.</exception>
    public static IReadOnlyList<Mistake> Of(Model model, ImageSet images)
    {
        var network = model.Spec.Network;
        ModelFit.Require(network, images);
        var pass = new ForwardPass<float>(network, Evaluation.BlockSize, Math.Min(Evaluation.BlockSize, images.Count));
        var mistakes = new List<Mistake>();
        foreach (var block in Enumerable.Range(0, images.Count).Chunk(Evaluation.BlockSize))
        {
            images.Gather(block, pass.Inputs(block.Length), pass.Targets(block.Length));
            pass.Forward(model.Parameters, block.Length);
            for (var i = 0; i < block.Length; i++)
            {
                var outputs = pass.Outputs(block.Length).Slice(i * network.OutputSize, network.OutputSize);
                var answer = Answers.ClassOf(network, outputs);
                if (answer != images.Labels[block[i]]) mistakes.Add(new Mistake(block[i], images.Labels[block[i]], answer, outputs[answer]));
            }
        }

        return [.. mistakes.OrderByDescending(mistake => mistake.Output).ThenBy(mistake => mistake.Index)];
    }
}
