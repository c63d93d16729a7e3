using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>The run as one loop, without messages: what every simulated one must equal.</summary>
internal sealed class CalmRun
{
    private readonly List<float[]> _parameters = [TinyRun.InitialParameters];
    private readonly List<EpochReport> _history = [];

    public CalmRun(TrainingSpec spec, RunPlan plan)
    {
        float[] parameters = TinyRun.InitialParameters, velocity = new float[TinyRun.ParameterCount];
        LossStatistics epoch = default;
        for (long version = 0; version < plan.TotalSteps && !EpochJudge.StopsEarly(spec, _history); version++)
        {
            TreeNode root = new(0, plan.MicroBatchCount(version));
            epoch = LossStatistics.Add(epoch, TinyRun.Statistics(parameters, version, root, plan.Batch(version).Count));
            float[] sum = TinyRun.GradientSum(parameters, version, root);
            for (int i = 0; i < sum.Length; i++)
                TinyRun.Update(sum[i], ref velocity[i], ref parameters[i]);
            _parameters.Add([.. parameters]);
            if (!plan.IsEpochEnd(version + 1))
                continue;
            _history.Add(new EpochReport(plan.EpochOf(version), epoch, spec.ValidationFraction > 0 ? TinyRun.Validate(parameters) : null));
            epoch = default;
        }
        End = Version == plan.TotalSteps ? TrainingEnd.Completed : TrainingEnd.StoppedEarly;
    }

    /// <summary>The parameters of each version.</summary>
    public IReadOnlyList<float[]> Parameters => _parameters;

    public IReadOnlyList<EpochReport> History => _history;

    public long Version => _parameters.Count - 1;

    public TrainingEnd End { get; }
}
