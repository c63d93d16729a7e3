namespace DistNet.Actors.Transport;

/// <summary>Passes a few sentences on in each period and counts the others, so that strangers cannot fill a disk. One thread.</summary>
/// <param name="log">Takes them.</param>
/// <param name="time">The clock.</param>
/// <param name="others">What those are that were not passed on: "more connections were refused".</param>
internal sealed class RareLog(Action<string> log, TimeProvider time, string others = "more connections were refused")
{
    private const int SentencesPerPeriod = 20;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private long _periodStart = time.GetTimestamp();
    private int _written;

    /// <summary>Passes a sentence on, or not.</summary>
    public void Write(string sentence)
    {
        if (time.GetElapsedTime(_periodStart) >= Period)
        {
            if (_written > SentencesPerPeriod)
                log($"{_written - SentencesPerPeriod} {others}.");
            _periodStart = time.GetTimestamp();
            _written = 0;
        }
        if (++_written <= SentencesPerPeriod)
            log(sentence);
    }
}
