namespace DistNet.Protocol.Tests.Simulation;

/// <summary>The two newest versions of the parameters, shared by the members of one process: version v lies in the vector of v's parity.</summary>
internal sealed class SimulatedStore
{
    private readonly float[][] _versions = [new float[TinyRun.ParameterCount], new float[TinyRun.ParameterCount]];
    private long _newest;
    private Generation _restoredAt;

    // The newest generation under which a shard of another node published.
    private Generation _published;

    public float[] Read(long version) => _versions[version & 1];

    /// <summary>Makes a range's next version from the one before.</summary>
    public void Write(long version, int[] range, Action<int> update)
    {
        _newest = Math.Max(_newest, version);
        foreach (int i in range)
        {
            Read(version)[i] = Read(version - 1)[i];
            update(i);
        }
    }

    public void Restore(Generation generation, long version, int[] range, float[] parameters)
    {
        _restoredAt = generation > _restoredAt ? generation : _restoredAt;
        _newest = version;
        foreach (int i in range)
            Read(version)[i] = parameters[i];
    }

    /// <summary>Takes a range that a shard of another node has made.</summary>
    /// <returns>False if it is of an older generation than one that was taken already.</returns>
    public bool TryReceive(Generation generation, long version, int[] range, float[] values)
    {
        if (generation < _published)
            return false;
        if (generation > _published)
        {
            _restoredAt = generation > _restoredAt ? generation : _restoredAt;
            _newest = version;
        }
        _published = generation;
        _newest = Math.Max(_newest, version);
        for (int i = 0; i < range.Length; i++)
            Read(version)[range[i]] = values[i];
        return true;
    }

    public bool IsIntact(Generation generation, long version) => _newest < version + 2 && generation >= _restoredAt;
}
