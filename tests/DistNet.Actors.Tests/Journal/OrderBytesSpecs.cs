using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>Orders as they lie in the journal, which later versions have to read.</summary>
public class OrderBytesSpecs
{
    private static readonly OrderEvent[] Events =
    [
        new OrderAccepted("größe", "20261124-025512", "{}", 3, 2, 300, 100),
        new OrderBegun("r", 639312541157836551),
        new OrderCancelled("r"),
        new OrderClosed("r", OrderEnd.Completed, "{}"),
        new OrderClosed("r", OrderEnd.Cancelled, ""),
        new OrderClosed("r", OrderEnd.Failed, "Disk full."),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Events.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void An_event_is_read_back_as_it_was(int index) =>
        Assert.Equal(Events[index], OrderBytes.Read(OrderBytes.Write(Events[index]), OrderBytes.Manifest(Events[index])));

    [Fact]
    public void The_layouts_are_those_of_the_first_version() => Assert.Equal(
        [
            "order-accepted/1 076772C3B6C39F650F32303236313132342D303235353132027B7D0302AC0264",
            "order-begun/1 0172878EA9A1E7EBD2EF08",
            "order-cancelled/1 0172",
            "order-closed/1 017201027B7D",
            "order-closed/1 01720200",
            "order-closed/1 0172030A4469736B2066756C6C2E",
        ],
        Events.Select(entry => $"{OrderBytes.Manifest(entry)} {Convert.ToHexString(OrderBytes.Write(entry))}"));

    [Theory]
    [MemberData(nameof(Indices))]
    public void Damaged_bytes_are_an_error_in_a_sentence(int index)
    {
        byte[] bytes = OrderBytes.Write(Events[index]);
        string manifest = OrderBytes.Manifest(Events[index]);
        Assert.Throws<InvalidDataException>(() => OrderBytes.Read(bytes[..^1], manifest));
        Assert.Throws<InvalidDataException>(() => OrderBytes.Read([.. bytes, 0], manifest));
        Assert.Throws<InvalidDataException>(() => OrderBytes.Read(bytes, "order-closed/2"));
    }
}
