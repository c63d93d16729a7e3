using System.Net.Sockets;
using Akka.Actor;
using DistNet.Actors.Transport;

namespace DistNet.Actors;

/// <summary>What comes before joining: a node finds out whether it belongs to the cluster.</summary>
/// <remarks>Akka takes in whoever speaks its protocol. The tensor transport does not: its handshake compares protocol versions and proves that
/// both sides know the secret. So a node that is to join goes through one with the node it joins, and learns in a sentence why it may not.</remarks>
internal static class Admission
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks the nodes in turn until one lets this one in.</summary>
    /// <param name="system">The node's actors.</param>
    /// <param name="transport">The node's tensors.</param>
    /// <param name="agents">The agents of the nodes to join.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="HandshakeRefusedException">This node does not belong to the cluster.</exception>
    /// <exception cref="OperationCanceledException">Nobody answered until then.</exception>
    public static async Task AskAsync(ActorSystem system, TensorTransport transport, IReadOnlyList<string> agents, CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                TensorsAnswered answer = await system.ActorSelection(agents[i % agents.Count]).Ask<TensorsAnswered>(new AskTensors(), Patience, cancellationToken).ConfigureAwait(false);
                await transport.VerifyPeerAsync(TensorAddress.Parse(answer.Address)).ConfigureAwait(false);
                return;
            }
            catch (AskTimeoutException)
            {
                // It is not there yet.
            }
            catch (SocketException)
            {
                // It has just gone.
            }
            catch (HandshakeRefusedException refusal) when (refusal.Kind is HandshakeRefusalKind.NoAnswer or HandshakeRefusalKind.Full)
            {
                // It is too busy.
            }
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
