namespace DistNet.Neural;

/// <summary>Brings examples into a training pass as the run specification wants them: gathered, distorted, and each without the units that it drops.</summary>
/// <remarks>What an example becomes depends on seed, epoch and its index alone, not on who computes it, or with which others. Used by one thread.</remarks>
public sealed class StepExamples
{
    private readonly TrainingSpec _spec;
    private readonly IExampleSet _examples;
    private readonly ElasticDistortion? _distortion;

    /// <summary>For a run.</summary>
    /// <param name="spec">The run specification, a possible one.</param>
    /// <param name="examples">The training examples, of which an index means the same on every node.</param>
    public StepExamples(TrainingSpec spec, IExampleSet examples)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(examples);
        (_spec, _examples) = (spec, examples);
        if (spec.Distortion is { } distortion)
            _distortion = new ElasticDistortion(distortion, spec.Seed, DistortionSpec.SideOf(spec.Network.InputSize)!.Value);
    }

    /// <summary>Makes them the first examples of the pass's block.</summary>
    /// <param name="pass">The pass; its <see cref="Backpropagation{T}.Forward"/> may follow.</param>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="indices">Which examples, in the order wanted; no more than the block has room for.</param>
    public void Load(Backpropagation<float> pass, int epoch, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var inputs = pass.Inputs(indices.Length);
        _examples.Gather(indices, inputs, pass.Targets(indices.Length));
        _distortion?.Apply(epoch, indices, inputs);
        pass.Drop(_spec.Seed, epoch, indices);
    }
}
