namespace DistNet.Actors;

/// <summary>The vectors of other processes that this one has mapped, each once. Safe for use by several threads.</summary>
internal sealed class MappedVectors
{
    // A node that begins anew has other vectors, and does not say so; one that was not spoken of for so long is mapped again if need be.
    private const int MostOpens = 256;

    private readonly Dictionary<MemoryReference, (SharedVector Vector, long Opened)> _vectors = [];
    private readonly Lock _gate = new();
    private long _opens;

    /// <summary>The vector that a frame speaks of.</summary>
    /// <inheritdoc cref="SharedMemory.Open" path="/exception"/>
    public SharedVector Open(in SharedTensor tensor)
    {
        lock (_gate)
        {
            bool isMapped = _vectors.TryGetValue(tensor.Memory, out (SharedVector Vector, long Opened) known);
            if (!isMapped)
                Forget();
            SharedVector vector = isMapped ? known.Vector : SharedVector.Open(tensor.Memory, tensor.Length);
            _vectors[tensor.Memory] = (vector, _opens++);
            return vector.Length == tensor.Length
                ? vector
                : throw new InvalidDataException($"A vector in shared memory has {vector.Length} elements; {tensor.Length} were announced.");
        }
    }

    // Whoever has borrowed a vector holds it, and its mapping goes with the last holder.
    private void Forget()
    {
        foreach (MemoryReference memory in _vectors.Where(entry => IsOld(entry.Value.Opened) || IsOfDeadProcess(entry.Key)).Select(entry => entry.Key).ToArray())
            _vectors.Remove(memory);
    }

    private bool IsOld(long opened) => _opens - opened > MostOpens;

    private static bool IsOfDeadProcess(MemoryReference memory) => !Directory.Exists($"/proc/{memory.Process}");
}
