namespace DistNet;

/// <summary>The command line asks for what does not exist or cannot be; the message is one sentence that says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
