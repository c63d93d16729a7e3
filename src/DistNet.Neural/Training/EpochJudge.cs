namespace DistNet.Neural;

/// <summary>Decides after an epoch whether the run goes on: pure, from the reports alone.</summary>
public static class EpochJudge
{
    /// <summary>Whether the loss has not fallen strictly below its best for as many epochs as the specification's
    /// patience.</summary>
    /// <param name="spec">Says the patience; without one no run stops early.</param>
    /// <param name="history">Reports of all complete epochs, in order.</param>
    /// <remarks>Keras's EarlyStopping with min_delta 0 on val_loss, or on loss without validation; the final weights are kept,
    /// not the best. A NaN loss is no improvement.</remarks>
    public static bool StopsEarly(TrainingSpec spec, IReadOnlyList<EpochReport> history)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(history);
        if (spec.EarlyStoppingPatience is not { } patience)
            return false;

        var (best, waited) = (double.PositiveInfinity, 0);
        foreach (var report in history)
        {
            var loss = (report.Validation ?? report.Training).MeanLoss;
            waited = loss < best ? 0 : waited + 1;
            best = loss < best ? loss : best;
        }

        return waited >= patience;
    }
}
