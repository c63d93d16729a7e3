using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet;

/// <summary>Compares a run's ledger with the other files of its folder: they must speak of the same run and the same end.</summary>
internal static class RunFiles
{
    /// <summary>What does not agree, one sentence each.</summary>
    public static IEnumerable<string> Compare(RunFolder run, IReadOnlyList<LedgerEvent> events, AuditReport report)
    {
        if (events.OfType<RunAccepted>().FirstOrDefault() is not { } accepted) yield break;
        var (spec, data) = (run.Description.Spec, run.Description.Data);
        if (TrainingSpecJson.Write(spec) != TrainingSpecJson.Write(TrainingSpecJson.Read(accepted.Spec, "the ledger's run specification")))
            yield return "The ledger is of another run specification than run.json.";
        if (data.ContentHash != accepted.DataHash)
            yield return $"The ledger is of other data (content {accepted.DataHash}) than run.json ({data.ContentHash}).";
        if (ValidationSplit.Of(data.Count, spec.ValidationFraction).TrainingCount is var count && count != accepted.TrainingExampleCount)
            yield return $"The ledger counts {accepted.TrainingExampleCount} examples to an epoch, but the run has {count}.";
        if (run.ReadResult() is not { } result) yield break;
        if (report.End is not RunEnded { End: not TrainingEnd.Interrupted } ended)
            yield return $"The run went on after step {report.Steps} to its end without this ledger; what was counted then is not recorded.";
        else if (result.WeightsSha256 != ended.WeightsSha256)
            yield return $"result.json has weights {result.WeightsSha256}, but the ledger {ended.WeightsSha256}.";
    }
}
