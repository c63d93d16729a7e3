using System.CommandLine;
using DistNet.Actors;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet;

/// <summary>`distnet audit`: proves from a run's ledger that every example was counted once, and by a replay that the weights are right.</summary>
internal sealed class AuditCommand
{
    private const int ViolationsShown = 20;

    private readonly RunsOption _runs = new();
    private readonly Argument<string> _run = new("RUN")
    {
        HelpName = "RUN",
        Description = "A run's id, the beginning of it, or latest",
        DefaultValueFactory = _ => RunFolder.Latest,
    };
    private readonly Option<bool> _replay = CommandOptions.Switch("--replay", "Train the run again on one thread and compare the weights' SHA-256");
    private readonly Option<string?> _data =
        CommandOptions.OptionalText("--data", "DIR|FILE.csv", "The run's images or table, for --replay [default: where they were]");
    private readonly JournalOptions _journal = new();

    private AuditCommand() => _run.CompletionSources.Add(_runs.Complete);

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var audit = new AuditCommand();
        var command = new ProgramCommand(
            "audit",
            "Prove from a run's ledger that every example of every epoch was counted exactly once",
            "distnet audit",
            "distnet audit latest --replay") { audit._run };
        command.Add([audit._replay, audit._data, .. audit._journal.All, audit._runs.Option]);
        command.SetAction(async parsed => await audit.RunAsync(parsed, terminal).ConfigureAwait(false));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal)
    {
        var run = _runs.Open(parsed, parsed.GetRequiredValue(_run));
        var events = await JournalReader.ReadAsync(_journal.Read(parsed)(run)).ConfigureAwait(false);
        var report = LedgerAudit.Check(events);
        List<string> violations = [.. report.Violations, .. RunFiles.Compare(run, events, report)];
        AuditTables.Write(report, violations.Count == 0, terminal);
        if (violations.Count == 0 && parsed.GetValue(_replay))
            violations.AddRange(Replay(parsed, run, report, terminal));
        foreach (var violation in violations.Take(ViolationsShown)) terminal.Output.WriteLine(violation);
        if (violations.Count == 0) return ExitCode.Success;
        terminal.Error.WriteLine(
            $"distnet: run {run.Id} fails its audit: {AuditTables.Count(violations.Count, "violation")}; "
            + "this ledger does not prove its weights: train again, or trust them unproved.");
        return ExitCode.Failed;
    }

    private IEnumerable<string> Replay(ParseResult parsed, RunFolder run, AuditReport report, Terminal terminal)
    {
        if (report.End is not RunEnded ended)
            throw new UsageException(
                $"run {run.Id} has not ended, so there are no weights to compare; finish it with: distnet train --resume {run.Id}{RunsOption.Repeat(run)}");
        var (spec, data) = (run.Description.Spec, run.Description.Data);
        var request = DataRequest.Find(data, parsed.GetValue(_data));
        var training = request.LoadTraining();
        if (training.ContentHash != data.ContentHash)
            throw new InvalidDataException($"{request.Path} holds other data than run {run.Id} was trained on; name where that is with --data");
        var job = new TrainingJob { Spec = spec, Examples = training };
        var plan = RunPlan.Of(spec, training.Count);
        using var end = new StopAfter(ended.Version, new EpochLines(terminal.Error, new TrainingSpeed(plan, 0, TimeProvider.System)));
        var weights = WeightsHash.Of(Trainer.Train(job, end, TimeProvider.System, end.Reached).Parameters);
        if (weights != ended.WeightsSha256)
            yield return $"The replay ended with weights {weights}, but the run with {ended.WeightsSha256}.";
        else
            terminal.Output.WriteLine($"Replayed on one thread: the same weights, SHA-256 {weights}.");
    }
}
