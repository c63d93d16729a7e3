namespace DistNet.Neural;

/// <summary>Another process trains the run.</summary>
/// <param name="message">One sentence that names the run.</param>
public sealed class RunClaimedException(string message) : IOException(message);
