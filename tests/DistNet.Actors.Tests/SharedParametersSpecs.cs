using Akka.TestKit.Xunit2;
using DistNet.Actors.Tests.Transport;
using DistNet.Actors.Transport;
using DistNet.Neural;

namespace DistNet.Actors.Tests;

/// <summary>How a node takes the parameters that lie in another process's memory.</summary>
public sealed class SharedParametersSpecs : TestKit
{
    private const long Incarnation = 7;

    private static readonly ShardAssignment[] Shards = [.. ShardAssignment.Cut(Runs.Spec, new RunPlan(Runs.Spec, 100), 2)];

    private readonly int _parameters = ParameterLayout.For(Runs.Spec.Network).Count;
    private readonly TensorTransport _transport = TensorTransport.Listen(TransportNodes.Options("receiver"), new Arrivals());
    private readonly ParameterStore _store;
    private readonly NodeLinks _links;

    public SharedParametersSpecs()
    {
        _store = new ParameterStore(_parameters);
        _links = new NodeLinks(Sys, _transport, Incarnation, Shards, "coordinator 127.0.0.1:1", _store);
        _links.SetWorkers([TestActor]);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _transport.DisposeAsync().AsTask().Wait(TransportNodes.Deadline);
    }

    [LinuxFact]
    public async Task The_range_is_copied_and_the_workers_are_told()
    {
        ParameterStore theirs = new(_parameters, isShared: true);
        theirs.Write(5, 0, _parameters).Fill(5);
        Show(theirs, 1, 5);

        Assert.Equal(new ParametersPublished(new(1), 1, 5), await ExpectMsgAsync<ParametersPublished>());
        Assert.All(_store.Read(5).Slice(Shards[1].Offset, Shards[1].Length).ToArray(), element => Assert.Equal(5, element));
    }

    [LinuxFact]
    public async Task A_vector_that_holds_another_version_by_now_is_passed_over()
    {
        ParameterStore theirs = new(_parameters, isShared: true);
        theirs.Write(5, 0, _parameters).Fill(5);
        Assert.True(theirs.TryShare(5, out SharedVector? vector, out long changes));
        theirs.Write(7, 0, _parameters).Fill(7);
        Take(vector, changes, 1, 5);
        theirs.Write(6, 0, _parameters).Fill(6);
        Show(theirs, 0, 6);

        Assert.Equal(6, (await ExpectMsgAsync<ParametersPublished>()).Version);
    }

    [Fact]
    public async Task A_frame_of_an_older_generation_is_given_back_once_and_changes_nothing()
    {
        TensorPool pool = new(Shards[0].Length);
        await Receive(pool, shard: 0, generation: 2, version: 5);
        TensorBuffer late = pool.Rent(holders: 1);
        late.Span.Fill(9);
        _links.Complete(FrameKind.Parameters, Label(0, 1, 5), PayloadTarget.Of(late.Memory, late), default);

        Assert.Same(late, pool.Rent(holders: 1));
        Assert.NotSame(late, pool.Rent(holders: 1));
        Assert.Equal(2, _store.Read(5)[Shards[0].Offset]);
    }

    [Fact]
    public async Task A_frame_of_a_shard_that_lives_here_by_now_changes_nothing()
    {
        TensorPool pool = new(Shards[1].Length);
        _links.ShardIsHere(0, TestActor);
        TensorBuffer late = pool.Rent(holders: 1);
        _store.Restore(new(1), 5, Shards[0].Offset, Shards[0].Length).Fill(7);
        _links.Complete(FrameKind.Parameters, Label(0, 1, 5), PayloadTarget.Of(late.Memory, late), default);
        await Receive(pool, shard: 1, generation: 1, version: 5); // the workers hear of this one first

        Assert.Equal(7, _store.Read(5)[Shards[0].Offset]);
    }

    [Fact]
    public void A_version_that_is_no_longer_there_is_not_shown()
    {
        ParameterStore store = new(_parameters, isShared: OperatingSystem.IsLinux());
        store.Write(5, 0, _parameters);
        store.Write(7, 0, 1);

        Assert.False(store.TryShare(5, out _, out _));
    }

    [LinuxFact]
    public void A_vector_that_does_not_hold_the_shards_range_is_refused()
    {
        SharedVector small = SharedVector.Create(Shards[0].Length);

        Assert.Throws<InvalidDataException>(() => Take(small, small.Changes, 1, 5));
    }

    // The range is filled with the generation's number.
    private async Task Receive(TensorPool pool, int shard, int generation, long version)
    {
        TensorBuffer range = pool.Rent(holders: 1);
        range.Span.Fill(generation);
        _links.Complete(FrameKind.Parameters, Label(shard, generation, version), PayloadTarget.Of(range.Memory, range), default);
        Assert.Equal(new ParametersPublished(new(generation), shard, version), await ExpectMsgAsync<ParametersPublished>());
    }

    private static FrameLabel Label(int shard, int generation, long version) => new(Incarnation, new(generation), shard, version, default, default, "");

    private void Show(ParameterStore theirs, int shard, long version)
    {
        Assert.True(theirs.TryShare(version, out SharedVector? vector, out long changes));
        Take(vector, changes, shard, version);
    }

    private void Take(SharedVector vector, long changes, int shard, long version)
    {
        _links.Complete(FrameKind.SharedParameters, Label(shard, 1, version), default, new SharedTensor(vector.Reference, vector.Length, 0, changes));
    }
}
