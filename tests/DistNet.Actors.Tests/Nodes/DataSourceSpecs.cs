using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using DistNet.Actors.Transport;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>What the coordinator's node answers to those who ask for training images.</summary>
public sealed class DataSourceSpecs : TestKit
{
    private static readonly ImageSet Images = Pictures.Of(20, side: 4); // 320 pixels, 20 labels

    private readonly Transport.Arrivals _arrivals = new();
    private readonly TensorTransport _node;
    private readonly TensorTransport _transport;
    private readonly IActorRef _source;

    public DataSourceSpecs()
        : base(ConfigurationFactory.ParseString("akka.loglevel = WARNING, akka.test.single-expect-default = 60s").WithFallback(SerializationConfiguration.Default))
    {
        _node = TensorTransport.Listen(Transport.TransportNodes.Options("node"), _arrivals);
        _transport = TensorTransport.Listen(Transport.TransportNodes.Options("source"), new NodeFrames());
        NodeOptions options = new() { Roles = [NodeRole.Coordinator], Secret = TestCluster.Secret, Config = Config.Empty, Data = new NodeShelf(Images) };
        _source = Sys.ActorOf(DataSource.Props(options, _transport));
    }

    [Fact]
    public async Task A_set_that_it_has_is_answered_with_its_shape()
    {
        await Find();
    }

    [Fact]
    public async Task A_set_that_it_does_not_have_is_refused_in_a_sentence()
    {
        _source.Tell(new AskDataSet("another", 20, 16, 10), TestActor);
        Assert.Equal(new DataSetAnswered("another", 0, 0, "it does not have these images"), await ExpectMsgAsync<DataSetAnswered>());
    }

    [Theory]
    [InlineData(0, 340)]
    [InlineData(100, 7)]
    [InlineData(310, 20)]
    [InlineData(339, 1)]
    public async Task A_piece_is_sent_as_it_lies_in_the_content_pixels_before_labels(int offset, int length)
    {
        await Find();
        _source.Tell(Ask(offset, length), TestActor);
        Transport.Arrival arrival = _arrivals.Next();

        byte[] content = [.. Images.Pixels, .. Images.Labels];
        Assert.Equal(FrameKind.DataPiece, arrival.Kind);
        Assert.Equal(content[offset..(offset + length)], arrival.Bytes);
    }

    [Theory]
    [InlineData(340, 1)]
    [InlineData(339, 2)]
    [InlineData(-1, 2)]
    [InlineData(0, 0)]
    [InlineData(0, int.MaxValue)]
    public async Task A_piece_that_is_none_is_refused_in_a_sentence(long offset, int length)
    {
        await Find();
        _source.Tell(Ask(offset, length), TestActor);
        Assert.Equal($"{length} bytes at offset {offset} are no piece of 340 bytes", (await ExpectMsgAsync<DataSetAnswered>()).Refusal);
    }

    [Fact]
    public async Task A_piece_of_a_set_that_was_not_asked_for_before_is_refused_in_a_sentence()
    {
        _source.Tell(Ask(0, 1), TestActor);
        Assert.Equal("it has started anew since it was asked for these images", (await ExpectMsgAsync<DataSetAnswered>()).Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData(":4054")]
    [InlineData("host:65536")]
    public async Task A_piece_that_is_to_go_to_no_address_goes_nowhere_and_the_next_one_is_sent(string address)
    {
        await Find();
        _source.Tell(Ask(0, 7) with { Tensors = address }, TestActor);
        _source.Tell(Ask(100, 7), TestActor);

        Assert.Equal(Images.Pixels.Slice(100, 7).ToArray(), _arrivals.Next().Bytes);
    }

    protected override void AfterAll()
    {
        _node.DisposeAsync().AsTask().Wait(Runs.Patience);
        _transport.DisposeAsync().AsTask().Wait(Runs.Patience);
        base.AfterAll();
    }

    private async Task Find()
    {
        _source.Tell(new AskDataSet(Images.ContentHash, 20, 16, 10), TestActor);
        Assert.Equal(new DataSetAnswered(Images.ContentHash, 4, 4, ""), await ExpectMsgAsync<DataSetAnswered>());
    }

    private AskDataPiece Ask(long offset, int length) => new(7, Images.ContentHash, new DataPiece(offset, length), _node.Address.ToString());
}
