using System.Globalization;
using DistNet.Neural;

namespace DistNet;

/// <summary>What training takes at least, so that what is too large for the machine is refused before a
/// run begins, not ended by the system in the middle.</summary>
/// <param name="spec">The run specification.</param>
/// <param name="exampleCount">Training examples.</param>
/// <param name="engine">How the run is made.</param>
internal sealed class MemoryDemand(TrainingSpec spec, int exampleCount, EngineSettings engine)
{
    private readonly int _batch = Math.Min(spec.BatchSize, exampleCount);

    /// <summary>Passes if the largest buffer can be made, and parameters, slots, sums and activations fit into the memory that this process may use.</summary>
    /// <exception cref="UsageException">They do not.</exception>
    public void Check()
    {
        var widest = spec.Network.Layers.Max(layer => layer.Units);
        if (LargestShare * Math.Max(widest, spec.Network.InputSize) > Array.MaxLength)
            throw new UsageException(Text($"{LargestShare:N0} examples at once are too many for this network; use a smaller --batch, or fewer units"));
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Bytes > available)
            throw new UsageException(Text($"training {ParameterCount:N0} parameters with {spec.Optimizer.Name} and mini-batches of {_batch:N0} takes at least {Figures.Bytes(Bytes)} of memory, but there are {Figures.Bytes(available)}; use fewer units, a smaller --batch or fewer --workers"));
    }

    private long ParameterCount => ParameterLayout.For(spec.Network).Count;

    private long MicroBatches => ((_batch - 1L) / spec.MicroBatchSize) + 1;

    /// <summary>Most examples that one thread computes at once, in whole micro-batches.</summary>
    private long LargestShare => Math.Min(_batch, (MicroBatches + engine.Workers - 1) / engine.Workers * spec.MicroBatchSize);

    private long Bytes => ((Vectors * ParameterCount) + (_batch * NumbersPerExample)) * sizeof(float);

    /// <summary>Vectors as long as the parameters that are alive at the same time.</summary>
    private long Vectors
    {
        get
        {
            var state = 1 + spec.Optimizer.SlotNames.Count; // the parameters and their slots
            if (engine.Engine == Engines.Plain) return state + 1; // a gradient sum

            // When a snapshot is taken: two versions and the slots, the checkpoint before, the shards'
            // copies, what they are put together to, and a sum per worker.
            return 1 + (4 * state) + Math.Min(engine.Workers, MicroBatches);
        }
    }

    /// <summary>Inputs, targets, and each layer's activations and their gradients; where units are dropped, the factors and the products as well.</summary>
    private long NumbersPerExample =>
        spec.Network.InputSize + spec.Network.OutputSize + spec.Network.Layers.Sum(layer => (layer.Dropout > 0 ? 4L : 2L) * layer.Units);

    private static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
