using Akka.Actor;
using Akka.Event;

namespace DistNet.Actors.Tests;

public sealed class LogRelaySpecs : Akka.TestKit.Xunit2.TestKit
{
    private const string Stranger = "akka.tcp://distnet@127.0.0.1:4053/system/transports/akkaprotocolmanager.tcp.0/akkaProtocol-tcp-1";

    [Fact]
    public async Task Of_what_remoting_says_of_strangers_a_few_short_sentences_are_written()
    {
        List<string> lines = await Written([.. Enumerable.Repeat(Said(Stranger, new string('x', 1000) + "\n   at Some.Method()"), 1000)]);

        Assert.Equal(20, lines.Count(line => line.StartsWith(Stranger, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 500));
        Assert.DoesNotContain(lines, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_actors_of_the_run_say_is_written_whole_and_always() =>
        Assert.Equal(100, (await Written([.. Enumerable.Repeat(Said("akka://distnet/user/node", "a sentence"), 100)])).Count - 1);

    private static Warning Said(string source, string text) => new(source, typeof(LogRelay), text);

    // The relay is heard in order, so what was written before the last sentence is complete.
    private async Task<List<string>> Written(Warning[] warnings)
    {
        List<string> lines = [];
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef relay = Sys.ActorOf(LogRelay.Props(
            line =>
            {
                lines.Add(line);
                if (line.EndsWith("the last", StringComparison.Ordinal))
                    done.SetResult();
            },
            TimeProvider.System));
        foreach (Warning warning in warnings)
            relay.Tell(warning);
        relay.Tell(Said("akka://distnet/user/node", "the last"));
        await done.Task.WaitAsync(Runs.Patience);
        return lines;
    }
}
