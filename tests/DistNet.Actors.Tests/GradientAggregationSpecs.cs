using DistNet.Neural;

namespace DistNet.Actors.Tests;

public sealed class GradientAggregationSpecs : ShardKit
{
    [Theory]
    [InlineData(0, 1, 2, 3, 4, 5, 6, 7)]
    [InlineData(7, 6, 5, 4, 3, 2, 1, 0)]
    [InlineData(3, 0, 7, 4, 1, 6, 2, 5)]
    public async Task Sums_are_added_along_the_tree_whatever_the_order_in_which_they_arrive(params int[] arrival)
    {
        await Begin();
        foreach (int microBatch in arrival)
            Push(microBatch % 2 == 0 ? A : B, microBatch, 1);
        await Published(A, 1);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
    }

    [Fact]
    public void Another_order_of_addition_would_show()
    {
        float[] byArrival = Enumerable.Range(0, 8).Select(Leaf).Aggregate(Add);

        Assert.NotEqual(AfterStep(Tree(0, 8)), AfterStep(byArrival));
        Assert.NotEqual(AfterStep(Tree(0, 8)), AfterStep(Add(Tree(0, 8), Leaf(5))));
    }

    [Fact]
    public async Task Sums_of_larger_nodes_give_the_same_bits_as_those_of_micro_batches()
    {
        await Begin();
        Push(B, 6, 2);
        Push(A, 0, 4);
        Push(B, 5, 1);
        Push(B, 4, 1);
        await Published(B, 1);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
    }

    [Fact]
    public async Task Every_worker_hears_of_the_new_version_and_the_coordinator_only_at_the_end_of_what_it_allowed()
    {
        await Begin();
        for (int version = 0; version < Until; version++)
        {
            Push(A, 0, 8, version: version);
            await Published(A, version + 1);
            await Published(B, version + 1);
        }
        StepsReached reached = await Coordinator.ExpectMsgAsync<StepsReached>(report => report.Version == Until);

        Assert.Equal(new LossStatistics(0, 8 * Until, 32 * Until), reached.EpochStatistics);
    }

    [Fact]
    public async Task A_sum_that_arrives_twice_is_added_once_and_its_buffer_given_back()
    {
        await Begin();
        Push(A, 0, 4);
        Loan twice = Push(A, 0, 4);
        Loan part = Push(B, 2, 1);
        Assert.Equal(4, (await Missing()).MicroBatch);
        twice.AssertReturned();
        part.AssertReturned();
        Push(B, 4, 4);
        await Published(A, 1);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
    }

    [Fact]
    public async Task A_sum_that_comes_after_its_step_is_refused_and_its_buffer_given_back()
    {
        await Begin();
        Push(A, 0, 8);
        await Published(A, 1);
        Loan late = Push(B, 4, 4);

        Assert.Equal((1, 0), ((await Missing()).Version, (await Missing()).MicroBatch));
        late.AssertReturned();
    }

    [Fact]
    public async Task What_is_no_node_of_the_tree_is_refused_and_its_buffer_given_back()
    {
        await Begin();
        Loan across = Push(A, 1, 2, sum: Leaf(1)), beyond = Push(A, 8, 1, sum: Leaf(8));

        Assert.Equal(0, (await Missing()).MicroBatch);
        across.AssertReturned();
        beyond.AssertReturned();
    }

    [Fact]
    public async Task The_buffers_of_a_step_are_given_back_when_it_is_made()
    {
        await Begin();
        Loan left = Push(A, 0, 4), right = Push(B, 4, 4);
        await Published(A, 1);
        await Missing();

        left.AssertReturned();
        right.AssertReturned();
    }

    [Fact]
    public async Task A_step_waits_for_a_missing_worker_until_another_delivers_what_is_missing()
    {
        await Begin();
        Push(A, 0, 4);
        Push(B, 4, 2);
        Assert.Equal(new MissingMicroBatch(First, 0, 0, 6), await Missing());
        await Open(Second, A);
        Push(A, 6, 2, Second);
        await Published(A, 1);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
    }

    [Fact]
    public async Task A_step_waits_for_a_missing_worker_until_another_delivers_a_sum_that_covers_it()
    {
        await Begin();
        Loan covered = Push(B, 4, 2);
        await Open(Second, A);
        Push(A, 4, 4, Second);
        Push(A, 0, 4, Second);
        await Published(A, 1);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
        await Missing();
        covered.AssertReturned();
    }

    [Fact]
    public async Task A_new_generation_keeps_the_sums_of_the_old_one_and_refuses_its_workers_from_then_on()
    {
        await Begin();
        Push(B, 0, 4);
        await Open(Second, A);
        Loan stale = Push(B, 4, 4, First, sum: Leaf(99));
        Assert.Equal(new MissingMicroBatch(Second, 0, 0, 4), await Missing());
        stale.AssertReturned();
        Push(A, 4, 4, Second);
        await Published(A, 1);

        Assert.Equal(AfterStep(Tree(0, 8)), Store.Read(1).ToArray());
        await B.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_gradient_that_is_not_finite_is_refused_by_tensor_and_worker_and_the_version_stays(float offending)
    {
        await Begin();
        float[] sum = Tree(4, 4);
        sum[Layout.Tensors.Single(tensor => tensor.Name == "dense_1/bias").Offset + 1] = offending;
        Push(A, 0, 4);
        Push(B, 4, 4, sum: sum);

        Assert.Equal(new StepRefused(First, 0, "dense_1/bias", "b"), await Coordinator.ExpectMsgAsync<StepRefused>());
        Assert.Equal(0, (await Missing()).Version);
        Assert.Equal(Initial, Store.Read(0).ToArray());
    }

    [Fact]
    public async Task A_gradient_that_overflows_only_in_the_sum_is_nobodys_alone()
    {
        await Begin();
        float[] huge = new float[Layout.Count];
        huge[0] = float.MaxValue;
        Push(A, 0, 4, sum: huge);
        Push(B, 4, 4, sum: huge);

        Assert.Equal(new StepRefused(First, 0, "dense_0/kernel", "the sum of all workers"), await Coordinator.ExpectMsgAsync<StepRefused>());
    }

    [Fact]
    public async Task A_shard_that_restarted_refuses_sums_until_it_has_a_state_and_gives_their_buffers_back()
    {
        await Coordinator.ExpectMsgAsync<RegisterShard>();
        Loan early = Push(A, 0, 8);
        Assert.Equal(0, (await Missing()).Version);

        early.AssertReturned();
    }

    [Fact]
    public async Task A_rollback_gives_back_what_was_gathered_and_replays_to_the_same_bits()
    {
        await Begin();
        Push(A, 0, 8);
        await Published(A, 1);
        Loan gathered = Push(B, 0, 4, version: 1, sum: Leaf(3));
        await Missing();
        float[] once = Store.Read(1).ToArray();
        Shard.Tell(Restore(Second, 0), Coordinator);
        await Published(B, 1);
        await Open(Second, A, B);
        gathered.AssertReturned();
        Shard.Tell(new AdvanceShard(Second, Second, Until, Until), Coordinator);
        Push(A, 0, 8, Second);
        await Published(A, 1);

        Assert.Equal(once, Store.Read(1).ToArray());
    }

    [Fact]
    public async Task A_shard_told_to_hold_says_where_and_goes_on_from_there()
    {
        await Begin();
        Push(A, 0, 8);
        await Published(A, 1);
        Shard.Tell(new HoldShard(First), Coordinator);
        Assert.Equal(new ShardHeld(First, 0, 1), await Coordinator.ExpectMsgAsync<ShardHeld>());
        Push(A, 0, 8, version: 1);
        Assert.Equal((1, -1), ((await Missing()).Version, (await Missing()).MicroBatch));
        Shard.Tell(new AdvanceShard(First, First, 2, 2), Coordinator);

        await Published(A, 2);
        ShardSnapshot snapshot = await Coordinator.FishForMessageAsync<ShardSnapshot>(_ => true);
        Assert.Equal(2, snapshot.State.Version);
        Assert.Equal(Store.Read(2).ToArray(), snapshot.State.Parameters.ToArray());
        Assert.Equal(["momentum", "velocity"], snapshot.State.Slots.Keys.Order(StringComparer.Ordinal));
    }
}
