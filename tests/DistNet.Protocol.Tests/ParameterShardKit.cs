using DistNet.Neural;

namespace DistNet.Protocol.Tests;

/// <summary>A parameter shard in its second generation, free to make steps until version 8, with a snapshot due at 4.</summary>
public abstract class ParameterShardKit
{
    private protected readonly RunPlan _plan = Paper.Plan();
    private protected readonly ParameterShardState<string> _shard;

    protected ParameterShardKit()
    {
        _shard = new ParameterShardState<string>(_plan, Paper.Seconds(20));
        _shard.Restore(Paper.Generation(2), 0, default);
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 8, snapshotAt: 4);
    }

    private protected Offer Push(int generation = 2, long? version = null, TreeNode? node = null, string worker = "a") =>
        _shard.Offer(Paper.Generation(generation), version ?? _shard.Version, node ?? new TreeNode(0, _plan.MicroBatchCount(_shard.Version)), worker, "sum");

    // The step from version v has loss v + 1.
    private protected void Step(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Offer.Added, Push(generation: _shard.Generation.Number));
            Assert.True(_shard.CanStep);
            _shard.Stepped(Paper.Statistics((int)_shard.Version + 1), () => _shard.Sums.Drain(_ => { }));
        }
    }
}
