using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>
/// Proves from a run's ledger alone that, in the steps that count, each micro-batch of each step entered the gradient of each parameter shard
/// exactly once, and hence each example of each epoch.
/// </summary>
/// <remarks>
/// The specification in the ledger gives the examples of each micro-batch (<see cref="RunPlan"/>, <see cref="ExampleOrder"/>). Steps that were
/// superseded when the shards went back to a checkpoint do not count; those that replaced them do.
/// </remarks>
public sealed class LedgerAudit
{
    /// <summary>Violations that are reported; a ledger with more is as wrong.</summary>
    public const int ViolationLimit = 1000;

    private readonly List<string> _violations = [];
    private readonly List<LedgerSegment> _segments = [];
    private readonly List<GenerationOpened> _generations = [];
    private readonly Dictionary<int, EpochReport> _reports = [];
    private readonly RunLedger _ledger = new();
    private long _superseded;
    private int _restored;

    private LedgerAudit()
    {
    }

    /// <summary>Audits a ledger.</summary>
    /// <param name="events">All events of one run, in order.</param>
    /// <exception cref="InvalidDataException">The specification in the ledger cannot be read.</exception>
    public static AuditReport Check(IEnumerable<LedgerEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        LedgerAudit audit = new();
        foreach (LedgerEvent entry in events)
            audit.Take(entry);
        return audit.Conclude();
    }

    private void Take(LedgerEvent entry)
    {
        if (_ledger.Accepted is null != entry is RunAccepted)
        {
            Report(_ledger.Accepted is null
                ? $"The ledger has {entry.GetType().Name} before the run was accepted."
                : "The ledger accepts a run twice.");
            return;
        }
        if (IsSound(entry))
            _ledger.Apply(entry);
    }

    private bool IsSound(LedgerEvent entry) => entry switch
    {
        ShardsRestored e => Restore(e),
        GenerationOpened e => Open(e),
        StepsRecorded e => Record(e),
        EpochRecorded e => CompareEpoch(e.Report),
        CheckpointRecorded e => Require(
            e.Version <= _ledger.Version,
            $"Checkpoint {e.File} was taken after step {e.Version}, but only {_ledger.Version} steps were recorded by then."),
        _ => true,
    };

    private bool Restore(ShardsRestored restored)
    {
        if (!Require(restored.ParameterShards >= 1 && restored.Version >= 0, $"The shards were restored impossibly: {restored}.")
            || !Require(
                restored.Generation > _ledger.Generation,
                $"The shards were restored under generation {restored.Generation.Number}, which is not newer than {_ledger.Generation.Number}."))
            return false;
        foreach (LedgerSegment segment in _segments)
            _superseded += segment.Supersede(restored.Version);
        _segments.RemoveAll(segment => segment.Restored.Version >= restored.Version);
        _segments.Add(new LedgerSegment(restored));
        _restored++;
        return true;
    }

    private bool Open(GenerationOpened opened)
    {
        bool isNew = opened.Generation > _ledger.Generation
            || (opened.Generation == _ledger.RestoredAt && _generations.LastOrDefault()?.Generation != opened.Generation);
        if (!Require(isNew, $"Generation {opened.Generation.Number} was opened after generation {_ledger.Generation.Number}."))
            return false;
        _generations.Add(opened);
        return true;
    }

    private bool Record(StepsRecorded recorded)
    {
        bool isThere = _segments.Count > 0 && (uint)recorded.Shard < (uint)_segments[^1].Shards.Count;
        if (!Require(isThere, $"Parameter shard {recorded.Shard} recorded steps, but the run had no such shard then."))
            return false;
        foreach (StepRecord step in recorded.Steps)
        {
            if (CheckGeneration(recorded.Shard, step))
                _segments[^1].Add(recorded.Shard, step);
        }
        return true;
    }

    private bool CheckGeneration(int shard, StepRecord step)
    {
        string where = $"Step {step.Version + 1}, parameter shard {shard}:";
        GenerationOpened? opened = _generations.FindLast(opened => opened.Generation == step.Generation);
        string recorded = $"{where} recorded under generation {step.Generation.Number},";
        return Require(step.Generation >= _ledger.RestoredAt, $"{recorded} after the shards were restored under {_ledger.RestoredAt.Number}.")
            && Require(opened is not null, $"{recorded} which nobody had opened.")
            && Require(step.Version >= opened!.FromVersion, $"{recorded} which began with step {opened.FromVersion + 1}.");
    }

    // A replayed epoch has the same bits, so it cannot have another report.
    private bool CompareEpoch(EpochReport report) =>
        Require(_reports.TryAdd(report.Epoch, report) || _reports[report.Epoch] == report, $"Epoch {report.Epoch} was reported with two results.");

    private AuditReport Conclude()
    {
        if (_ledger.Accepted is null)
        {
            Report("The ledger is empty: no run was accepted.");
            return Summary(0, [], []);
        }
        TrainingSpec spec = TrainingSpecJson.Read(_ledger.Accepted.Spec, "the ledger's run specification");
        RunPlan plan = new(spec, _ledger.Accepted.TrainingExampleCount);
        CheckEnd(plan);
        long recorded = _segments.Count == 0 ? 0 : _segments[^1].Version;
        long steps = Math.Min(plan.TotalSteps, _ledger.End is RunEnded ended ? Math.Max(0, ended.Version) : recorded);
        CountedSteps counted = new(spec, plan, new StepAudit(_ledger.Workers, _generations, Report), Report);
        for (int i = 0; i < _segments.Count; i++)
        {
            bool isLast = i + 1 == _segments.Count;
            long end = isLast ? steps : Math.Min(_segments[i + 1].Restored.Version, plan.TotalSteps);
            counted.Add(_segments[i], end, isLast, _ledger.End is RunEnded);
        }
        CheckReports(plan);
        return Summary(steps, counted.Epochs(), counted.Workers(_ledger.Workers), counted);
    }

    private void CheckEnd(RunPlan plan)
    {
        if (_segments.Count > 0)
            Require(
                _segments[0].Restored.Version == 0,
                $"The ledger begins with step {_segments[0].Restored.Version + 1}; the steps before it are not recorded.");
        else if (_ledger.End is RunEnded last)
            Require(last.Version == 0, $"The ledger has no step of the {last.Version} that the run had made.");
        if (_ledger.End is RunEnded { End: TrainingEnd.Completed } completed)
            Require(completed.Version == plan.TotalSteps, $"The run ended as complete after {completed.Version} of {plan.TotalSteps} steps.");
        if (_ledger.End is RunEnded { End: TrainingEnd.StoppedEarly } early)
            Require(plan.IsEpochEnd(early.Version), $"The run stopped early after step {early.Version}, which is no epoch's end.");
        if (_ledger.End is RunEnded ended)
            Require(ended.Version <= plan.TotalSteps, $"The run ended after step {ended.Version}, but has only {plan.TotalSteps}.");
    }

    private void CheckReports(RunPlan plan)
    {
        foreach (EpochReport report in _reports.Values)
            Require(
                report.Training.Examples == plan.TrainingExampleCount,
                $"Epoch {report.Epoch} was reported over {report.Training.Examples} examples, not {plan.TrainingExampleCount}.");
    }

    private AuditReport Summary(long steps, IReadOnlyList<EpochAudit> epochs, IReadOnlyList<WorkerAudit> workers, CountedSteps? counted = null) => new()
    {
        RunId = _ledger.Accepted?.RunId ?? "",
        Steps = steps,
        SupersededRecords = _superseded,
        Duplicates = counted?.Duplicates ?? 0,
        Stale = counted?.Stale ?? 0,
        Helped = counted?.Helped ?? 0,
        Generations = _generations.Count,
        RollBacks = Math.Max(0, _restored - 1),
        Epochs = epochs,
        Workers = workers,
        End = _ledger.End,
        Violations = _violations,
    };

    private bool Require(bool holds, string otherwise)
    {
        if (!holds)
            Report(otherwise);
        return holds;
    }

    private void Report(string violation)
    {
        if (_violations.Count < ViolationLimit)
            _violations.Add(violation);
    }
}
