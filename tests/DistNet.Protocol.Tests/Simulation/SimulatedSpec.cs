using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>What is trained: a run of which epochs may be of one step, with or without validation and early stopping.</summary>
internal sealed class SimulatedSpec
{
    public SimulatedSpec(int seed)
    {
        bool isShort = seed % 3 == 0, validates = seed % 2 == 0;
        Spec = Paper.Spec with
        {
            Epochs = isShort ? 8 : 3,
            ValidationFraction = validates ? 0.1 : 0,
            EarlyStoppingPatience = seed % 5 == 0 ? 2 : null,
        };
        Plan = new RunPlan(Spec, isShort ? 27 : 100);
        Calm = new CalmRun(Spec, Plan);
        Accepted = new RunAccepted("simulated", TrainingSpecJson.Write(Spec), "", Plan.TrainingExampleCount);
        Start = new Checkpoint
        {
            Spec = Spec,
            DataHash = "",
            Version = 0,
            Parameters = TinyRun.InitialParameters,
            Slots = new Dictionary<string, float[]> { ["velocity"] = new float[TinyRun.ParameterCount] },
        };
    }

    public TrainingSpec Spec { get; }

    public RunPlan Plan { get; }

    public CalmRun Calm { get; }

    public Checkpoint Start { get; }

    public RunAccepted Accepted { get; }
}

/// <summary>What a session leaves for the next: where it stopped, and its ledger.</summary>
internal sealed record SimulatedSession(Checkpoint Newest, IReadOnlyList<LedgerEvent> Journal);
