namespace DistNet.Neural.Tests;

public class TrainerSpecs
{
    private static readonly TrainingJob Job = new() { Spec = Runs.Small, Examples = Runs.SmallExamples };

    [Fact]
    public void A_run_learns()
    {
        var result = Runs.Train(Runs.Small with { Epochs = 30 }, Runs.SmallExamples);
        Assert.True(result.History[^1].Training.MeanLoss < result.History[0].Training.MeanLoss / 4);
        Assert.True(result.History[^1].Validation!.Value.Accuracy > 0.9);
    }

    [Fact]
    public void Every_example_is_counted_once_an_epoch_and_validation_examples_never()
    {
        var examples = ArrayExamples.Clusters(90, 6, 4);
        var recorder = new Recorder();
        var result = Runs.Train(new TrainingJob { Spec = Runs.Small, Examples = examples }, recorder);
        var perEpoch = examples.Gathered.Chunk(90).ToArray(); // 81 to train on in steps, then 9 to validate
        Assert.Equal(3, perEpoch.Length);
        Assert.All(perEpoch, epoch => Assert.Equal(Enumerable.Range(0, 81), epoch[..81].Order()));
        Assert.All(perEpoch, epoch => Assert.Equal(Enumerable.Range(81, 9), epoch[81..]));
        Assert.Equal((243L, 243L, 12L), (result.Examples, result.ExamplesThisSession, result.Version));
        Assert.All(recorder.Epochs, report => Assert.Equal((81L, 9L), (report.Training.Examples, report.Validation!.Value.Examples)));
    }

    [Fact]
    public void Progress_names_the_epoch_of_the_step_that_was_made()
    {
        var recorder = new Recorder();
        Runs.Train(Job, recorder);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], recorder.Steps.Select(step => step.Epoch));
        Assert.Equal(Enumerable.Range(1, 12).Select(version => (long)version), recorder.Steps.Select(step => step.Version));
        Assert.Equal([22, 44, 66, 81], recorder.Steps.Take(4).Select(step => step.EpochStatistics.Examples));
    }

    [Theory]
    [InlineData("rmsprop")]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void A_run_resumed_at_any_step_ends_with_the_bits_and_reports_of_one_that_never_stopped(string optimizer)
    {
        var job = Job with { Spec = Runs.Small with { Optimizer = OptimizerSpec.Parse(optimizer), Schedule = ScheduleSpec.Parse("cosine") } };
        var (expected, store) = (Runs.Train(job), new MemoryCheckpoints());
        Runs.Train(job with { Checkpoints = store, CheckpointEvery = 1 });
        Assert.Equal(12, store.Saved.Count);
        foreach (var checkpoint in store.Saved)
        {
            var resumed = Runs.Train(job with { ResumeFrom = checkpoint });
            Assert.Equal(expected.Parameters, resumed.Parameters);
            Assert.Equal(expected.History, resumed.History);
            Assert.Equal((12L, 243L), (resumed.Version, resumed.Examples));
        }
    }

    [Fact]
    public void A_resume_that_forgets_the_optimizers_slots_is_caught_by_the_bits()
    {
        var store = new MemoryCheckpoints();
        Runs.Train(Job with { Checkpoints = store, CheckpointEvery = 5 });
        var forgetful = store.Saved[0] with { Slots = new Dictionary<string, float[]> { ["velocity"] = new float[store.Saved[0].Parameters.Length] } };
        Assert.NotEqual(Runs.Train(Job).Parameters, Runs.Train(Job with { ResumeFrom = forgetful }).Parameters);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)] // an epoch's end
    [InlineData(7)]
    public void A_run_asked_to_stop_writes_a_checkpoint_between_two_steps_and_can_go_on(int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        var (store, recorder) = (new MemoryCheckpoints(), new Recorder { AfterStep = step => { if (step.Version == stopAfter) stop.Cancel(); } });
        var stopped = Runs.Train(Job with { Checkpoints = store }, recorder, stop.Token);
        Assert.Equal((TrainingEnd.Interrupted, (long)stopAfter), (stopped.End, stopped.Version));
        Assert.Equal(stopAfter, recorder.Checkpoints[^1]);
        Assert.Equal(recorder.Checkpoints.Distinct(), recorder.Checkpoints);

        var resumed = Runs.Train(Job with { ResumeFrom = store.LoadLatest() });
        Assert.Equal(Runs.Train(Job).Parameters, resumed.Parameters);
        Assert.Equal(243 - stopped.Examples, resumed.ExamplesThisSession);
    }

    [Fact]
    public void A_run_asked_to_stop_before_it_begins_makes_no_step()
    {
        var store = new MemoryCheckpoints();
        var result = Runs.Train(Job with { Checkpoints = store }, cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal((TrainingEnd.Interrupted, 0L, 0L), (result.End, result.Version, store.Saved.Single().Version));
    }

    [Fact]
    public void A_checkpoint_of_an_epochs_last_step_without_its_report_is_completed_on_resuming()
    {
        var (expected, store) = (Runs.Train(Job), new MemoryCheckpoints());
        Runs.Train(Job with { Checkpoints = store });
        var before = store.Saved[1] with { History = [expected.History[0]], EpochStatistics = expected.History[1].Training };
        Assert.Equal(expected.History, Runs.Train(Job with { ResumeFrom = before }).History);
    }

    [Fact]
    public void Checkpoints_are_written_at_epoch_ends_by_default()
    {
        var recorder = new Recorder();
        Runs.Train(Job with { Checkpoints = new MemoryCheckpoints() }, recorder);
        Assert.Equal([4, 8, 12], recorder.Checkpoints);
    }

    [Fact]
    public void A_run_stops_early_with_its_last_weights()
    {
        var spec = Runs.Small with { EarlyStoppingPatience = 1, Optimizer = new SgdOptimizer(1e-30f), Epochs = 9 };
        var result = Runs.Train(spec, Runs.SmallExamples);
        Assert.Equal((TrainingEnd.StoppedEarly, 2, 8L), (result.End, result.History.Count, result.Version));
    }

    [Fact]
    public void A_run_that_stopped_early_is_over_when_resumed()
    {
        var (store, spec) = (new MemoryCheckpoints(), Runs.Small with { EarlyStoppingPatience = 1, Optimizer = new SgdOptimizer(1e-30f), Epochs = 9 });
        Runs.Train(Job with { Spec = spec, Checkpoints = store });
        var again = Runs.Train(Job with { Spec = spec, ResumeFrom = store.LoadLatest() });
        Assert.Equal((TrainingEnd.StoppedEarly, 8L), (again.End, again.Version));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stops_the_run_with_step_and_tensor_named()
    {
        var inputs = Enumerable.Repeat(1f, 40).ToArray();
        inputs[13] = float.NaN;
        var examples = new ArrayExamples(2, 1, inputs, new float[20]);
        var spec = Runs.Small with { Network = NetworkSpec.WithInputs(2).Dense(3).Dense(1).Minimize(Loss.MeanSquaredError), BatchSize = 20, ValidationFraction = 0 };
        var store = new MemoryCheckpoints();
        var fault = Assert.Throws<NonFiniteGradientException>(() => Runs.Train(new TrainingJob { Spec = spec, Examples = examples, Checkpoints = store, CheckpointEvery = 1 }));
        Assert.StartsWith("Step 1 was refused, because its gradient of dense_0/kernel holds NaN", fault.Message, StringComparison.Ordinal);
        Assert.Empty(store.Saved);
    }

    [Fact]
    public void Train_time_covers_the_steps_alone() => // the clock advances a second per look; a step looks twice
        Assert.Equal(TimeSpan.FromSeconds(12), Runs.Train(Job).TrainTime);

    [Fact]
    public void A_step_within_an_epoch_allocates_nothing()
    {
        var allocated = new long[13];
        var recorder = new Recorder { AfterStep = step => allocated[step.Version] = GC.GetAllocatedBytesForCurrentThread() };
        recorder.Steps.EnsureCapacity(12);
        var examples = ArrayExamples.Clusters(90, 6, 4);
        examples.Gathered.EnsureCapacity(300);
        Runs.Train(new TrainingJob { Spec = Runs.Small, Examples = examples }, recorder);
        Assert.Equal((allocated[2], allocated[6], allocated[10]), (allocated[4], allocated[8], allocated[12]));
        Assert.True(allocated[5] > allocated[4]); // control: an epoch's report is seen
    }

    [Fact]
    public void Data_network_and_checkpoint_must_belong_together()
    {
        var store = new MemoryCheckpoints();
        Runs.Train(Job with { Checkpoints = store });
        var checkpoint = store.Saved[0];
        Refuses(Job with { Examples = ArrayExamples.Clusters(90, 5, 4) }, "The network takes 6 inputs, but each example has 5");
        Refuses(Job with { Examples = ArrayExamples.Clusters(90, 6, 3) }, "The network has 4 outputs, but each example has 3 targets");
        Refuses(Job with { Spec = Runs.Small with { Seed = 2 }, ResumeFrom = checkpoint }, "another run specification");
        Refuses(Job with { Examples = ArrayExamples.Clusters(90, 6, 4, seed: 8), ResumeFrom = checkpoint }, "resume with the data the run began with");
        Refuses(Job with { ResumeFrom = checkpoint with { Parameters = [1] } }, "parameter vector holds 1 numbers");
        Refuses(Job with { ResumeFrom = checkpoint with { Slots = new Dictionary<string, float[]>() } }, "holds the optimizer slots [], but rmsprop keeps [velocity]");
        Refuses(Job with { ResumeFrom = checkpoint with { Slots = new Dictionary<string, float[]> { ["velocity"] = [1] } } }, "optimizer slot velocity holds 1 numbers");
        Refuses(Job with { ResumeFrom = checkpoint with { Version = 13 } }, "step 13");
        Refuses(Job with { ResumeFrom = checkpoint with { History = [], Version = 5 } }, "0 epoch reports");
    }

    private static void Refuses(TrainingJob job, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Runs.Train(job)).Message, StringComparison.Ordinal);
}
