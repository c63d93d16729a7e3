using System.Net;

namespace DistNet;

/// <summary>Tells container engines and load balancers how a node is, over HTTP: 200 for yes, 503 for no.</summary>
/// <remarks>GET /live: the process answers. GET /ready: the node is a member of the cluster and the run manager knows it.</remarks>
internal sealed class HealthPort : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<bool> _isReady;

    private HealthPort(Func<bool> isReady) => _isReady = isReady;

    /// <summary>Begins to answer.</summary>
    /// <param name="port">TCP port.</param>
    /// <param name="everywhere">Whether on all addresses; else on 127.0.0.1 only.</param>
    /// <param name="isReady">Asked at each request.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static HealthPort Open(int port, bool everywhere, Func<bool> isReady)
    {
        var health = new HealthPort(isReady);
        health._listener.Prefixes.Add($"http://{(everywhere ? "+" : "127.0.0.1")}:{port}/");
        try
        {
            health._listener.Start();
        }
        catch (HttpListenerException fault)
        {
            throw new IOException($"the node cannot answer for its health on port {port}: {fault.Message}; name another with --health-port", fault);
        }

        _ = health.AnswerAsync();
        return health;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync().ConfigureAwait(false));
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Whoever asked has gone, or the port is being closed.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var (code, text) = context.Request.Url?.AbsolutePath switch
        {
            "/live" => (HttpStatusCode.OK, "live"),
            "/ready" when _isReady() => (HttpStatusCode.OK, "ready"),
            "/ready" => (HttpStatusCode.ServiceUnavailable, "not a member of the cluster, or unknown to its coordinator"),
            _ => (HttpStatusCode.NotFound, "ask for /live or /ready"),
        };
        context.Response.StatusCode = (int)code;
        using var body = new StreamWriter(context.Response.OutputStream);
        body.WriteLine(text);
    }
}
