using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistNet.Actors.Transport;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A real fetch over a real transport, from a coordinator's node that is a probe: what it makes of answers and pieces not to be trusted.</summary>
public sealed class DataFetchSpecs : TestKit
{
    private const long Run = 77;

    // What is expected comes at once; the time-out only makes a hang a failure, on a machine however busy.
    private const string Settings = "akka.loglevel = WARNING, akka.test.single-expect-default = 60s";

    private static readonly ImageSet Images = Pictures.Of(1_400); // two pieces: 1 MiB, and the rest

    private readonly NodeFrames _frames = new();
    private readonly NodeShelf _shelf = new(null);
    private readonly List<string> _log = [];
    private readonly TensorTransport _node;
    private readonly TensorTransport _source;
    private readonly TestProbe _asked;
    private readonly TestProbe _parent;

    public DataFetchSpecs()
        : base(ConfigurationFactory.ParseString(Settings).WithFallback(SerializationConfiguration.Default))
    {
        _node = TensorTransport.Listen(Transport.TransportNodes.Options("node"), _frames);
        _source = TensorTransport.Listen(Transport.TransportNodes.Options("source"), new NodeFrames());
        (_asked, _parent) = (CreateTestProbe(), CreateTestProbe());
        Sys.ActorOf(Props.Create(() => new Relay(_asked)), DataSource.Name);
    }

    [Fact]
    public async Task A_set_comes_piece_by_piece_is_verified_and_kept()
    {
        Begin(new PieceLimits());
        Assert.Equal(new AskDataSet(Images.ContentHash, 1_400, 1_024, 10), await Answer(""));
        await SendAsked();
        await SendAsked();
        DataFetched fetched = await _parent.ExpectMsgAsync<DataFetched>();

        Assert.Equal(Images.ContentHash, fetched.Images.ContentHash);
        Assert.Equal(Images.ContentHash, _shelf.Kept?.ContentHash);
        Assert.Collection(
            _log,
            line => Assert.Equal($"Fetches the training images of run run from node {_source.Address}: 1,435,000 bytes.", line),
            line => Assert.Matches("^Fetched the training images of run run: 1,435,000 bytes in [0-9.]+ s, content hash verified.$", line));
    }

    [Fact]
    public async Task A_piece_that_is_lost_is_asked_for_again_and_what_comes_twice_does_no_harm()
    {
        Begin(new PieceLimits { ResendAfter = TimeSpan.FromMilliseconds(300) });
        await Answer("");
        AskDataPiece lost = await _asked.FishForMessageAsync<AskDataPiece>(ask => ask.Piece.Offset == 0);
        await SendAsked();
        AskDataPiece again = await _asked.FishForMessageAsync<AskDataPiece>(ask => ask.Piece.Offset == 0);
        Send(again, Content(again.Piece));
        Send(again, new byte[again.Piece.Length]); // late, of the wrong bytes: it is not to be read
        DataFetched fetched = await _parent.ExpectMsgAsync<DataFetched>();

        Assert.Equal(lost.Piece, again.Piece);
        Assert.Equal(Images.ContentHash, fetched.Images.ContentHash);
        Assert.Matches("[1-9][0-9]* pieces asked for again", _log[^1]);
    }

    [Fact]
    public async Task A_question_that_is_lost_is_asked_again()
    {
        Begin(new PieceLimits { ResendAfter = TimeSpan.FromMilliseconds(300) });
        await _asked.ExpectMsgAsync<AskDataSet>();
        await _asked.ExpectMsgAsync<AskDataSet>();
    }

    [Fact]
    public async Task Wrong_bytes_are_refused_by_their_hash_and_not_kept()
    {
        Begin(new PieceLimits());
        await Answer("");
        AskDataPiece first = await _asked.FishForMessageAsync<AskDataPiece>(_ => true);
        byte[] wrong = Content(first.Piece);
        wrong[12_345] ^= 1;
        Send(first, wrong);
        await SendAsked();
        DataNotFetched failure = await _parent.ExpectMsgAsync<DataNotFetched>();

        Assert.StartsWith($"what came from node {_source.Address} is not the set of training images", failure.Reason, StringComparison.Ordinal);
        Assert.Contains(Images.ContentHash, failure.Reason, StringComparison.Ordinal);
        Assert.False(failure.IsFinal);
        Assert.Null(_shelf.Kept);
    }

    [Fact]
    public async Task A_source_that_falls_silent_is_named_with_the_piece_that_is_missing()
    {
        Begin(new PieceLimits { Silence = TimeSpan.FromSeconds(2) });
        await Answer("");
        await SendAsked();
        DataNotFetched failure = await _parent.ExpectMsgAsync<DataNotFetched>();

        string missing = "386424 bytes at offset 1048576 of 1435000 are missing";
        Assert.Equal($"node {_source.Address} has sent nothing of the training images for 2 seconds; {missing}", failure.Reason);
        Assert.False(failure.IsFinal);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_named()
    {
        Begin(new PieceLimits { Silence = TimeSpan.FromSeconds(1) });
        DataNotFetched failure = await _parent.ExpectMsgAsync<DataNotFetched>();
        Assert.Equal($"node {_source.Address} has not answered for 1 seconds whether it has the training images", failure.Reason);
    }

    [Fact]
    public async Task A_source_without_the_set_says_so_in_a_sentence()
    {
        Begin(new PieceLimits());
        await Answer("it does not have these images");
        string reason = $"this node does not have the training images, and node {_source.Address} cannot send them: it does not have these images";
        Assert.Equal(new DataNotFetched(reason, IsFinal: true), await _parent.ExpectMsgAsync<DataNotFetched>());
    }

    [Fact]
    public async Task A_source_that_has_started_anew_is_asked_for_the_set_once_more_and_then_for_the_pieces_it_refused()
    {
        Begin(new PieceLimits { ResendAfter = TimeSpan.FromMilliseconds(300) });
        await Answer("");
        await RefusePieces();
        _asked.LastSender.Tell(new DataSetAnswered(Images.ContentHash, Images.Rows, Images.Columns, ""));
        await SendAsked();
        await SendAsked();

        Assert.Equal(Images.ContentHash, (await _parent.ExpectMsgAsync<DataFetched>()).Images.ContentHash);
    }

    [Fact]
    public async Task A_source_that_tells_of_another_shape_is_refused_before_memory_is_taken()
    {
        Begin(new PieceLimits());
        await _asked.ExpectMsgAsync<AskDataSet>();
        _asked.LastSender.Tell(new DataSetAnswered(Images.ContentHash, 1_000_000, 1_000_000, ""));
        Assert.Contains("1000000 x 1000000 pixels were told, but 1024", (await _parent.ExpectMsgAsync<DataNotFetched>()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Run + 1, 0, 0)]
    [InlineData(Run, 1, 0)]
    [InlineData(Run, 0, -1)]
    public async Task A_frame_that_was_not_asked_for_is_skipped(long run, long offset, int length)
    {
        Begin(new PieceLimits());
        await Answer("");
        AskDataPiece first = await _asked.FishForMessageAsync<AskDataPiece>(_ => true);
        Send(first with { Run = run, Piece = new DataPiece(offset, 0) }, new byte[first.Piece.Length + length]);
        Send(first, Content(first.Piece));
        await SendAsked();

        Assert.Equal(Images.ContentHash, (await _parent.ExpectMsgAsync<DataFetched>()).Images.ContentHash);
        Assert.Equal(1, _node.Counters.FramesRefused);
    }

    protected override void AfterAll()
    {
        _node.DisposeAsync().AsTask().Wait(Runs.Patience);
        _source.DisposeAsync().AsTask().Wait(Runs.Patience);
        base.AfterAll();
    }

    private void Begin(PieceLimits limits)
    {
        NodeOptions options = new()
        {
            Roles = [NodeRole.Worker],
            Secret = TestCluster.Secret,
            Config = Config.Empty,
            Data = _shelf,
            Fetch = limits,
            Log = line =>
            {
                lock (_log)
                    _log.Add(line);
            },
        };
        string coordinator = Addresses.Join(_asked.Ref.Address(Sys), _source.Address.ToString());
        StartRun run = new(Run, "run", "", Images.ContentHash, Images.Count, 1, coordinator);
        _parent.ChildActorOf(DataFetch.Props(DataDescription.Of(Images), run, options, _node, _frames));
    }

    private async Task<AskDataSet> Answer(string refusal)
    {
        AskDataSet ask = await _asked.FishForMessageAsync<AskDataSet>(_ => true);
        _asked.LastSender.Tell(new DataSetAnswered(Images.ContentHash, Images.Rows, Images.Columns, refusal));
        return ask;
    }

    // Until the set is asked for.
    private async Task RefusePieces()
    {
        await _asked.FishForMessageAsync<AskDataPiece>(_ => true);
        do
        {
            _asked.LastSender.Tell(new DataSetAnswered(Images.ContentHash, 0, 0, "it has started anew since it was asked for these images"));
        }
        while (await _asked.ReceiveOneAsync(Runs.Patience) is AskDataPiece);
    }

    private async Task SendAsked()
    {
        AskDataPiece ask = await _asked.FishForMessageAsync<AskDataPiece>(_ => true);
        Send(ask, Content(ask.Piece));
    }

    private static byte[] Content(DataPiece piece)
    {
        byte[] content = new byte[piece.Length];
        Images.CopyContent(piece.Offset, content);
        return content;
    }

    private void Send(AskDataPiece ask, byte[] content)
    {
        FrameLabel label = new(ask.Run, default, 0, ask.Piece.Offset, default, default, ask.ContentHash);
        Assert.True(_source.SendBytes(TensorAddress.Parse(ask.Tensors), FrameKind.DataPiece, label.Write(new byte[FrameLabel.MaxBytes]), content));
    }

    private sealed class Relay : ReceiveActor
    {
        public Relay(TestProbe probe) => ReceiveAny(message => probe.Ref.Forward(message));
    }
}
