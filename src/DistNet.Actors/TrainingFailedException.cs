namespace DistNet.Actors;

/// <summary>A run could not go on; the message says why in one sentence.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>Fails for a reason.</summary>
    public TrainingFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Fails because of another exception.</summary>
    public TrainingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
