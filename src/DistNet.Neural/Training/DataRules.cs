namespace DistNet.Neural;

/// <summary>Whether data, network and checkpoint belong together; each fault is one sentence.</summary>
internal static class DataRules
{
    public static void RequireFit(NetworkSpec network, IExampleSet examples)
    {
        if (network.InputSize != examples.InputSize)
            throw new InvalidDataException(
                $"The network takes {network.InputSize} inputs, but each example has {examples.InputSize}: use a network or a " +
                "data set of the same size.");
        if (network.OutputSize != examples.TargetSize)
            throw new InvalidDataException(
                $"The network has {network.OutputSize} outputs, but each example has {examples.TargetSize} targets: give the " +
                $"last layer {examples.TargetSize} units, or use another data set.");
    }

    public static void RequireFit(TrainingSpec spec, IExampleSet examples, Checkpoint checkpoint)
    {
        if (checkpoint.Spec != spec)
            throw new InvalidDataException(
                "The checkpoint is of another run specification: resume with the specification the run began with.");
        if (checkpoint.DataHash != examples.ContentHash)
            throw new InvalidDataException(
                $"The checkpoint was made with data of hash {checkpoint.DataHash}, but these have {examples.ContentHash}: " +
                "resume with the data the run began with.");
        var count = ParameterLayout.For(spec.Network).Count;
        RequireLength("parameter vector", checkpoint.Parameters.Length, count);
        if (!checkpoint.Slots.Keys.ToHashSet().SetEquals(spec.Optimizer.SlotNames))
            throw new InvalidDataException(
                $"The checkpoint holds the optimizer slots [{string.Join(", ", checkpoint.Slots.Keys)}], but " +
                $"{spec.Optimizer.Name} keeps [{string.Join(", ", spec.Optimizer.SlotNames)}]: use an intact checkpoint of this " +
                "run.");
        foreach (var (name, values) in checkpoint.Slots)
            RequireLength($"optimizer slot {name}", values.Length, count);
    }

    private static void RequireLength(string what, int found, int expected)
    {
        if (found != expected)
            throw new InvalidDataException(
                $"The checkpoint's {what} holds {found} numbers, but the network has {expected} parameters: use an intact " +
                "checkpoint of this run.");
    }
}
