using Akka.Configuration;
using DistNet.Neural;

namespace DistNet.Actors.Tests;

public class SerializationSpecs
{
    [Fact]
    public async Task A_run_whose_messages_are_serialized_ends_with_the_same_bits()
    {
        TrainingJob job = Runs.Job(Runs.Spec with { ValidationFraction = 0.2 });
        Config serialize = ConfigurationFactory.ParseString("akka.actor.serialize-messages = on");
        await using ActorTrainer trainer = new(new ActorTrainerOptions { Workers = 3, ParameterShards = 2 }, serialize);
        TrainingResult result = await trainer.TrainAsync(job, new Recorder(), TimeProvider.System, CancellationToken.None).WaitAsync(Runs.Patience);

        Assert.True((await trainer.Started).Settings.SerializeAllMessages);
        Assert.Equal(Runs.Plain(job).Parameters, result.Parameters);
        Assert.Equal(Runs.Plain(job).History, result.History);
    }

    [Fact]
    public async Task A_run_whose_messages_pass_as_between_nodes_ends_with_the_same_bits()
    {
        TrainingJob job = Runs.Job(Runs.Spec with { ValidationFraction = 0.2 });
        Config strict = ConfigurationFactory.ParseString("akka.actor.serialize-messages = on").WithFallback(SerializationConfiguration.Default);
        await using ActorTrainer trainer = new(new ActorTrainerOptions { Workers = 3, ParameterShards = 2 }, strict);
        TrainingResult result = await trainer.TrainAsync(job, new Recorder(), TimeProvider.System, CancellationToken.None).WaitAsync(Runs.Patience);

        Assert.IsType<HyperionSerializer>((await trainer.Started).Serialization.FindSerializerForType(typeof(LeaseMicroBatches)));
        Assert.Equal(Runs.Plain(job).Parameters, result.Parameters);
        Assert.Equal(Runs.Plain(job).History, result.History);
    }
}
