namespace DistNet.Actors.Transport;

/// <summary>A connection to a peer was lost or could not be made; what waited for it was dropped, and the next send dials again.</summary>
/// <param name="Address">The peer.</param>
/// <param name="Reason">One sentence; the peer's own words where it gave any.</param>
/// <param name="DroppedFrames">Frames that were taken for sending and not wholly written. Written ones may be lost as well.</param>
/// <param name="Refusal">Why the peer was refused or refused us; null if the handshake was not the reason.</param>
public sealed record LinkLoss(TensorAddress Address, string Reason, int DroppedFrames, HandshakeRefusalKind? Refusal);
