namespace DistNet.Actors.Tests;

public sealed class ShardedAggregationSpecs() : ShardKit(shardCount: 3)
{
    [Fact]
    public async Task Each_shard_updates_its_range_from_the_same_buffers_and_the_whole_is_as_if_there_were_one()
    {
        await Begin();
        Loan left = Push(A, 0, 4), right = Push(B, 4, 4);
        await Published(A, 1, shardCount: 3);
        foreach (var shard in Shards)
            await Missing(shard);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
        left.AssertReturned();
        right.AssertReturned();
    }

    [Fact]
    public void Ranges_cover_the_vector_without_gap_or_overlap()
    {
        IReadOnlyList<ShardAssignment> ranges = ShardAssignment.Cut(Spec, Plan, 3);

        Assert.Equal(0, ranges[0].Offset);
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.Offset + pair.First.Length, pair.Second.Offset));
        Assert.Equal(Layout.Count, ranges[^1].Offset + ranges[^1].Length);
    }

    [Fact]
    public async Task A_refusal_names_the_tensor_by_its_place_in_the_whole_vector()
    {
        await Begin();
        float[] sum = Tree(0, 8);
        sum[Layout.Count - 1] = float.NaN;
        Push(B, 0, 8, sum: sum);

        Assert.Equal(new StepRefused(First, 0, "dense_1/bias", "b"), await Coordinator.FishForMessageAsync<StepRefused>(_ => true));
    }
}
