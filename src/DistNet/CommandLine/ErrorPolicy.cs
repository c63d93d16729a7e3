using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>The one place that turns an expected exception into a sentence on standard error and an exit code.</summary>
/// <remarks>An exception that is not listed here is a fault of the program, and keeps its stack trace.</remarks>
internal static class ErrorPolicy
{
    private const int NoSpaceLeft = 28; // ENOSPC, which .NET reports as it is
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>Whether the exception is one that user, data or disk can cause.</summary>
    public static bool Expects(Exception exception) =>
        Unwrap(exception) is UsageException or InvalidDataException or IOException or UnauthorizedAccessException or NonFiniteGradientException or TrainingFailedException or OutOfMemoryException;

    /// <summary>Writes the exception's sentence and gives its exit code.</summary>
    /// <param name="exception">One that <see cref="Expects"/> holds for.</param>
    /// <param name="error">Standard error.</param>
    public static int Report(Exception exception, TextWriter error)
    {
        var cause = Unwrap(exception);
        error.WriteLine($"distnet: {Sentence(cause)}");
        return cause is UsageException ? ExitCode.Usage : ExitCode.Failed;
    }

    /// <summary>Writes a usage error.</summary>
    public static int ReportUsage(string sentence, TextWriter error) => Report(new UsageException(sentence), error);

    private static Exception Unwrap(Exception exception) =>
        exception is AggregateException { InnerExceptions: [var only] } ? Unwrap(only) : exception;

    private static string Sentence(Exception cause)
    {
        var message = cause.Message.ReplaceLineEndings(" ").TrimEnd(' ', '.');
        var advice = Advice(cause);
        return advice is null ? $"{message}." : $"{message}; {advice}.";
    }

    private static string? Advice(Exception cause) => cause switch
    {
        UnauthorizedAccessException => "check who may read and write there, or name another folder",
        FileNotFoundException or DirectoryNotFoundException when cause.Message.StartsWith("Could not find", StringComparison.Ordinal) => "check the path",
        OutOfMemoryException => "use fewer units, a smaller batch or fewer workers",
        IOException when IsDiskFull(cause) => "free some space, or name another disk's folder with --runs",
        _ => null,
    };

    /// <summary>Looks inside too: who failed to write wraps the system's exception to name the file.</summary>
    private static bool IsDiskFull(Exception? cause) =>
        cause is not null && (cause.HResult is NoSpaceLeft or DiskFullOnWindows || IsDiskFull(cause.InnerException));
}
