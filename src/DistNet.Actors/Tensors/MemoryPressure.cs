namespace DistNet.Actors;

/// <summary>Tells the collector of memory that it does not see, for as long as its holder lives: what is mapped goes when the holder is collected.</summary>
internal sealed class MemoryPressure : IDisposable
{
    private readonly long _bytes;

    public MemoryPressure(long bytes) => GC.AddMemoryPressure(_bytes = bytes);

    ~MemoryPressure() => GC.RemoveMemoryPressure(_bytes);

    public void Dispose()
    {
        GC.RemoveMemoryPressure(_bytes);
        GC.SuppressFinalize(this);
    }
}
