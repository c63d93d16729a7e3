namespace DistNet.Protocol.Tests.Simulation;

/// <summary>The two newest versions of the parameters, shared by the members of one process: version v lies in the vector of v's parity.</summary>
internal sealed class SimulatedStore
{
    private readonly float[][] _versions = [new float[TinyRun.ParameterCount], new float[TinyRun.ParameterCount]];
    private long _newest;
    private Generation _restoredAt;

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

    public bool IsIntact(Generation generation, long version) => _newest < version + 2 && generation >= _restoredAt;
}
