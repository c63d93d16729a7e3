using System.Net;
using DistNet.Actors.Tests;

namespace DistNet.Tests;

/// <summary>Nodes as processes: whether they let each other in, whether they are ready, what is submitted to them.</summary>
public class NodeSpecs
{
    private const string Secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private const string OtherSecret = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private const string Phrase = "no hexadecimal digits";

    [Fact]
    public async Task A_node_with_another_secret_is_refused_and_told_why()
    {
        using var workspace = new Workspace();
        using var coordinator = Coordinator(workspace);
        var address = Address(await coordinator.LineWith("listening"));

        var outcome = await DistNetProcess.Run(
            ["node", "--roles", "worker", "--join", address, "--port", "0", "--tensor-port", "0"], workspace.Root, ("DISTNET_SECRET", OtherSecret));

        Assert.Equal(77, outcome.Code);
        Assert.Contains($"this node does not belong to the cluster at {address}: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("secret", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_the_same_in_a_file_and_in_the_variable()
    {
        using var workspace = new Workspace();
        var file = Path.Combine(workspace.Root, "secret");
        await File.WriteAllTextAsync(file, $" {Phrase}\n");
        var port = FreePort.Take();
        using var coordinator = Coordinator(workspace, "--secret-file", file);
        var address = Address(await coordinator.LineWith("listening"));
        using var server = DistNetProcess.Start(
            ["node", "--roles", "parameter-server", "--join", address, "--port", "0", "--tensor-port", "0", "--health-port", $"{port}"],
            workspace.Root,
            ("DISTNET_SECRET", $"{Phrase} "));
        await server.LineWith("listening");
        await Ready(port);
    }

    [Fact]
    public async Task A_secret_that_is_too_short_is_named_in_one_sentence()
    {
        var outcome = await DistNetProcess.Run(
            ["node", "--roles", "coordinator", "--port", "0", "--tensor-port", "0"], null, ("DISTNET_SECRET", "fifteen letters"));

        Assert.Equal(2, outcome.Code);
        Assert.Contains("the secret in the variable DISTNET_SECRET has 15 bytes; it needs at least 16", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_cluster_has_lost_its_coordinator_ends_so_that_it_can_join_another()
    {
        using var workspace = new Workspace();
        var port = FreePort.Take();
        using var coordinator = Coordinator(workspace);
        var address = Address(await coordinator.LineWith("listening"));
        using var server = DistNetProcess.Start(
            ["node", "--roles", "parameter-server", "--join", address, "--port", "0", "--tensor-port", "0", "--health-port", $"{port}"], workspace.Root, ("DISTNET_SECRET", Secret));
        await server.LineWith("listening");
        await Ready(port);

        coordinator.Signal(15);

        Assert.Equal(0, (await coordinator.End()).Code);
        var left = await server.End();
        Assert.Equal(75, left.Code);
        Assert.Contains("distnet: the cluster has lost its last coordinator; start it again to join anew.", left.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submitted_run_gives_the_bits_of_train()
    {
        using var workspace = new Workspace();
        using var coordinator = Coordinator(workspace);
        var address = Address(await coordinator.LineWith("listening"));
        using var worker = DistNetProcess.Start(
            ["node", "--roles", "worker,parameter-server", "--join", address, "--port", "0", "--tensor-port", "0", "--slots", "2", "--data", workspace.Data], workspace.Root, ("DISTNET_SECRET", Secret));
        string[] run = ["--hidden", "8", "--epochs", "1", "--json"];

        var submitted = await DistNetProcess.Run(["submit", "--cluster", address, "--workers", "2", "--wait", .. run], workspace.Root);
        var trained = await DistNetProcess.Run(["train", "--plain", "--data", workspace.Data, .. run], workspace.Root);

        Assert.Equal(0, submitted.Code);
        Assert.Equal(Hash(trained.Output), Hash(submitted.Output));
        Assert.Contains("epoch 1/1", submitted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_leads_its_cluster_becomes_ready()
    {
        using var workspace = new Workspace();
        var port = FreePort.Take();
        using var coordinator = Coordinator(workspace, "--health-port", $"{port}");
        await coordinator.LineWith("listening");
        await Ready(port);
    }

    [Fact]
    public async Task A_node_is_alive_but_not_ready_until_its_cluster_has_let_it_in()
    {
        using var workspace = new Workspace();
        var (port, cluster) = (FreePort.Take(), FreePort.Take());
        using var server = DistNetProcess.Start(
            ["node", "--roles", "parameter-server", "--join", $"127.0.0.1:{cluster}", "--port", "0", "--tensor-port", "0", "--health-port", $"{port}"],
            workspace.Root,
            ("DISTNET_SECRET", Secret));
        await server.LineWith("listening");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (await Health(port, "live"), await Health(port, "ready")));

        using var coordinator = DistNetProcess.Start(
            ["node", "--roles", "coordinator", "--port", $"{cluster}", "--tensor-port", "0", "--data", workspace.Data],
            workspace.Root,
            ("DISTNET_SECRET", Secret));
        await coordinator.LineWith("listening");
        await Ready(port);
    }

    private static async Task Ready(int port)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, await Health(port, "live"));
        while (await Health(port, "ready") != HttpStatusCode.OK)
            deadline.Token.ThrowIfCancellationRequested();
    }

    private static async Task<HttpStatusCode> Health(int port, string question)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/{question}"));
        return answer.StatusCode;
    }

    private static DistNetProcess Coordinator(Workspace workspace, params string[] more) => DistNetProcess.Start(
        ["node", "--roles", "coordinator", "--port", "0", "--tensor-port", "0", "--data", workspace.Data, .. more], workspace.Root, ("DISTNET_SECRET", Secret));

    // listening HOST:PORT tensors HOST:PORT (roles)
    private static string Address(string line) => line.Split(' ')[1];

    private static string Hash(string json) => System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("weightsSha256").GetString()!;
}
