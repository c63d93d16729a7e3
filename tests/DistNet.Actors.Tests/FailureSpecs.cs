using DistNet.Neural;

namespace DistNet.Actors.Tests;

public class FailureSpecs
{
    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_ends_the_run_with_the_disks_own_exception()
    {
        IOException full = new("No space left on device.");

        Assert.Same(full, await Assert.ThrowsAsync<IOException>(() => Runs.Through(2, 2, Runs.Job() with { Checkpoints = new BrokenStore(full) })));
    }

    [Fact]
    public async Task A_store_with_a_fault_of_its_own_ends_the_run_instead_of_leaving_it_waiting()
    {
        InvalidOperationException fault = new("The store has a fault.");
        TrainingFailedException failure = await Assert.ThrowsAsync<TrainingFailedException>(() => Runs.Through(2, 2, Runs.Job() with { Checkpoints = new BrokenStore(fault) }));

        Assert.Contains("The store has a fault.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gradient_that_is_not_finite_ends_the_run_by_step_tensor_and_worker_and_the_checkpoints_before_it_stay()
    {
        // In the third mini-batch of the first epoch.
        int poisoned = ExampleOrder.ForEpoch(100, Runs.Spec.Seed, 1)[70];
        MemoryStore store = new(), clean = new();
        TrainingJob job = Runs.Job(examples: new EventfulExamples(new Doodles(100)) { Poisoned = poisoned }) with { Checkpoints = store, CheckpointEvery = 1 };
        NonFiniteGradientException refusal = await Assert.ThrowsAsync<NonFiniteGradientException>(() => Runs.Through(2, 2, job));

        Assert.Matches("^Step 3 was refused: the gradient of dense_[01]/(kernel|bias) from worker-[01] is not finite", refusal.Message);
        Runs.Plain(Runs.Job() with { Checkpoints = clean, CheckpointEvery = 1 });
        Assert.InRange(store.Saved.Count, 1, 2);
        Assert.All(store.Saved, saved => Assert.Equal(clean.Saved[(int)saved.Version - 1].Parameters, saved.Parameters));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void Workers_and_shards_are_at_least_one(int workers, int shards) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActorTrainer(new ActorTrainerOptions { Workers = workers, ParameterShards = shards }));

    [Fact]
    public async Task An_impossible_specification_is_refused_before_anything_starts()
    {
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => Runs.Through(1, 1, Runs.Job(Runs.Spec with { BatchSize = 0 })));

        Assert.StartsWith("batchSize must be at least 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_size_are_refused_before_anything_starts() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Runs.Through(1, 1, Runs.Job(examples: new Doodles(100, inputSize: 19))));

    private sealed class BrokenStore(Exception fault) : ICheckpointStore
    {
        public string Save(Checkpoint checkpoint) => throw fault;

        public Checkpoint? LoadLatest() => null;
    }
}
