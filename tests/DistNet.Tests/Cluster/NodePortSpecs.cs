using System.Net;
using System.Net.Sockets;

namespace DistNet.Tests.Cluster;

/// <summary>A node that cannot listen where it is told to ends with a sentence.</summary>
public sealed class NodePortSpecs
{
    [Theory]
    [InlineData("--port", "--tensor-port")]
    [InlineData("--tensor-port", "--port")]
    public async Task A_port_that_is_taken_is_named_in_one_sentence(string taken, string free)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        var outcome = await DistNetProcess.Run(["node", "--roles", "coordinator", taken, port, free, "0"], null, ("DISTNET_SECRET", new string('a', 64)));
        Assert.Equal(1, outcome.Code);
        Assert.Contains("cannot listen on 127.0.0.1", outcome.Sentence, StringComparison.Ordinal);
        Assert.Contains(port, outcome.Sentence, StringComparison.Ordinal);
    }
}
