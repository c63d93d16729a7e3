using System.Buffers;
using System.Globalization;
using Akka.Actor;
using DistNet.Actors.Transport;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Fetches a run's training images from the coordinator's node; its parent hears <see cref="DataFetched"/> or <see cref="DataNotFetched"/>.</summary>
#pragma warning disable CA1001 // An actor disposes when it stops.
internal sealed class DataFetch : ReceiveActor, IWithTimers
#pragma warning restore CA1001
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly DataDescription _wanted;
    private readonly StartRun _run;
    private readonly NodeOptions _options;
    private readonly TensorTransport _transport;
    private readonly NodeFrames _frames;
    private readonly ActorSelection _source;
    private readonly string _sourceNode;
    private readonly IncomingPieces _incoming;
    private readonly long _started;
    private readonly CancellationTokenSource _stopped = new();

    // When the question after the set was asked last; the two below are null until it is answered.
    private TimeSpan _asked;
    private IncomingImages? _images;
    private PieceRequests? _requests;

    public DataFetch(DataDescription wanted, StartRun run, NodeOptions options, TensorTransport transport, NodeFrames frames)
    {
        (_wanted, _run, _options, _transport, _frames) = (wanted, run, options, transport, frames);
        Address node = Context.System.Resolve(run.Coordinator).Path.Address;
        _source = Context.ActorSelection(new RootActorPath(node) / "user" / DataSource.Name);
        _sourceNode = Addresses.TensorsOf(run.Coordinator);
        _incoming = new IncomingPieces(wanted.ContentHash, Self);
        _started = options.Time.GetTimestamp();
        Receive<DataSetAnswered>(answer => answer.ContentHash == wanted.ContentHash, Take);
        Receive<DataSetAnswered>(_ => { });
        Receive<PieceArrived>(Take);
        Receive<LookAgain>(_ => Look());
        Receive<DataFetched>(Conclude);
        Receive<DataNotFetched>(Fail);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private string Size => _images!.SizeBytes.ToString("N0", CultureInfo.InvariantCulture);

    private TimeSpan Now => _options.Time.GetElapsedTime(_started);

    public static Props Props(DataDescription wanted, StartRun run, NodeOptions options, TensorTransport transport, NodeFrames frames) =>
        Akka.Actor.Props.Create(() => new DataFetch(wanted, run, options, transport, frames));

    protected override void PreStart()
    {
        _frames.BeginFetch(_run.Run, _incoming);
        Timers.StartPeriodicTimer(LookAgain.Instance, LookAgain.Instance, LookInterval);
        AskForSet();
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _frames.EndFetch(_run.Run, _incoming);
    }

    private void AskForSet()
    {
        _asked = Now;
        _source.Tell(new AskDataSet(_wanted.ContentHash, _wanted.Count, _wanted.InputSize, _wanted.TargetSize));
    }

    private void Take(DataSetAnswered answer)
    {
        if (answer.Refusal.Length > 0 && _images is not null)
            AskAgain(answer.Refusal);
        else if (answer.Refusal.Length > 0)
            Fail($"this node does not have the training images, and node {_sourceNode} cannot send them: {answer.Refusal}", isFinal: true);
        else if (_images is null)
            Begin(answer);
    }

    // A source that has started anew sends no piece of a set that it was not asked for since; the pieces are asked for again by themselves.
    private void AskAgain(string refusal)
    {
        if (Now - _asked < _options.Fetch.ResendAfter)
            return;
        _options.Log($"Asks node {_sourceNode} for the training images of run {_run.RunId} once more: {refusal}.");
        AskForSet();
    }

    private void Begin(DataSetAnswered answer)
    {
        try
        {
            _images = new IncomingImages(_wanted, answer.Rows, answer.Columns);
        }
        catch (InvalidDataException fault)
        {
            Fail($"node {_sourceNode} has told of another set than was asked for: {fault.Message}", isFinal: true);
            return;
        }
        _requests = new PieceRequests(_images.SizeBytes, DataPiece.MaxLength, _options.Fetch, Now);
        _options.Log($"Fetches the training images of run {_run.RunId} from node {_sourceNode}: {Size} bytes.");
        AskForPieces();
    }

    private void AskForPieces()
    {
        foreach (DataPiece piece in _requests!.Ask(Now))
        {
            _incoming.Expect(piece);
            _source.Tell(new AskDataPiece(_run.Run, _wanted.ContentHash, piece, _transport.Address.ToString()));
        }
    }

    private void Take(PieceArrived arrived)
    {
        // One that came late may have been asked for again, and have come again, before it was read here.
        bool isNew = _requests?.Arrived(arrived.Piece, Now) ?? false;
        if (isNew)
            _images!.Write(arrived.Piece.Offset, arrived.Buffer.AsSpan(0, arrived.Piece.Length));
        ArrayPool<byte>.Shared.Return(arrived.Buffer);
        if (isNew && _requests!.IsComplete)
            Verify(_images!);
        else if (isNew)
            AskForPieces();
    }

    private void Verify(IncomingImages images)
    {
        string wrong = $"what came from node {_sourceNode} is not the set of training images that was asked for: ";
        VerifyAsync(images, _options.Data, _stopped.Token).PipeTo(
            Self, success: verified => new DataFetched(verified), failure: reason => new DataNotFetched(wrong + reason.Message, IsFinal: false));
    }

    private static async Task<ImageSet> VerifyAsync(IncomingImages incoming, INodeData data, CancellationToken stop)
    {
        ImageSet images = await Task.Run(incoming.Complete, stop).ConfigureAwait(false);
        await data.KeepAsync(images, stop).ConfigureAwait(false);
        return images;
    }

    private void Look()
    {
        if (_requests is null)
            LookForAnswer();
        else if (_requests.Missed(Now) is { } piece)
            Fail($"node {_sourceNode} has sent nothing of the training images for {_options.Fetch.Silence.TotalSeconds:0} seconds; "
                + $"{piece.Length} bytes at offset {piece.Offset} of {_images!.SizeBytes} are missing");
        else
            AskForPieces();
    }

    private void LookForAnswer()
    {
        if (Now >= _options.Fetch.Silence)
            Fail($"node {_sourceNode} has not answered for {_options.Fetch.Silence.TotalSeconds:0} seconds whether it has the training images");
        else if (Now - _asked >= _options.Fetch.ResendAfter)
            AskForSet();
    }

    private void Conclude(DataFetched fetched)
    {
        string repeated = _requests!.Repeated == 0 ? "" : $", {_requests.Repeated} pieces asked for again";
        string time = Now.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        _options.Log($"Fetched the training images of run {_run.RunId}: {Size} bytes in {time} s{repeated}, content hash verified.");
        Context.Parent.Tell(fetched);
        Context.Stop(Self);
    }

    private void Fail(string reason, bool isFinal = false) => Fail(new DataNotFetched(reason, isFinal));

    private void Fail(DataNotFetched failure)
    {
        Context.Parent.Tell(failure);
        Context.Stop(Self);
    }

    private sealed class LookAgain : INoSerializationVerificationNeeded
    {
        public static LookAgain Instance { get; } = new();
    }
}

/// <summary>The images are here, and are those of the run.</summary>
internal sealed record DataFetched(ImageSet Images) : INoSerializationVerificationNeeded;

/// <summary>They are not.</summary>
/// <param name="Reason">One sentence.</param>
/// <param name="IsFinal">Whether another attempt would come to the same.</param>
internal sealed record DataNotFetched(string Reason, bool IsFinal) : INoSerializationVerificationNeeded;
