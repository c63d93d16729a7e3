using DistNet.Neural;

namespace DistNet.Actors.Tests;

/// <summary>Measures the whole process, so nothing else may run.</summary>
[CollectionDefinition(nameof(SteadyStateSpecs), DisableParallelization = true)]
[Collection(nameof(SteadyStateSpecs))]
public class SteadyStateSpecs
{
    private const int StepsPerEpoch = 50;
    private const int Epochs = 14;

    [Fact]
    public async Task A_step_allocates_messages_and_no_tensors()
    {
        // 12,810 parameters: one vector would be 51 KB.
        TrainingSpec spec = Runs.Spec with
        {
            Network = NetworkSpec.WithInputs(117).Dense(100, Activation.Relu).Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
            Epochs = Epochs,
            MicroBatchSize = 8,
        };
        List<(long Version, long Bytes)> marks = [];
        Recorder recorder = new() { Then = progress => marks.Add((progress.Version, GC.GetTotalAllocatedBytes(precise: false))) };
        await Runs.Through(2, 2, Runs.Job(spec, new Doodles(32 * StepsPerEpoch, inputSize: 117, classes: 10)), recorder);

        // The first epochs fill the pools.
        (long Version, long Bytes) first = marks.First(mark => mark.Version >= 4 * StepsPerEpoch), last = marks[^1];
        long perStep = (last.Bytes - first.Bytes) / (last.Version - first.Version);
        Assert.True(perStep < 4096, $"{perStep} bytes a step over {last.Version - first.Version} steps");
    }
}
