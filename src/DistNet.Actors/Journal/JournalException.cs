namespace DistNet.Actors;

/// <summary>A run's journal could not be opened, read or written; the message is one sentence that names it.</summary>
public sealed class JournalException : IOException
{
    /// <summary>Fails because of what the database said.</summary>
    public JournalException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the database did not answer, which it may do later. What was read and is wrong stays so.</summary>
    internal bool MayPass => InnerException is not (null or InvalidDataException);

    /// <summary>The sentence for what a database or a deadline did to a journal.</summary>
    internal static JournalException Of(JournalSettings journal, string what, Exception cause)
    {
        Exception root = Root(cause);
        return new JournalException($"{journal.Name} {what}: {Sentence(root)}", root);
    }

    private static Exception Root(Exception cause) => cause switch
    {
        JournalException or InvalidDataException => cause,
        { InnerException: { } inner } => Root(inner),
        _ => cause,
    };

    private static string Sentence(Exception root) => root.Message.ReplaceLineEndings(" ").TrimEnd(' ', '.');
}
