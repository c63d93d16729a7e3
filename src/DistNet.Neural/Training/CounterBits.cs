namespace DistNet.Neural;

/// <summary>Random bits that can be asked for in any order, by any node: a function of a key and a place, without a state.</summary>
/// <remarks>The numbers of SplitMix64 (Steele, Lea and Flood 2014) begun at the key; the place is how many come before.</remarks>
internal readonly struct CounterBits
{
    private readonly ulong _key;

    private CounterBits(ulong key) => _key = key;

    /// <summary>The bits for one use of one example in one epoch: the same on every node, however often it is computed.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">One of the streams of <see cref="Chance"/>.</param>
    /// <param name="index">Which stream of that purpose.</param>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="example">The example's index in the training set.</param>
    public static CounterBits For(int seed, int purpose, int index, int epoch, int example)
    {
        var stream = Chance.Mix(Chance.Mix(Chance.Mix((uint)seed) + (uint)purpose) + (uint)index);
        return new CounterBits(Chance.Mix(Chance.Mix(stream + (uint)epoch) + (uint)example));
    }

    /// <summary>64 bits.</summary>
    public ulong this[int place] => Chance.Mix(unchecked(_key + ((ulong)place * Chance.Gamma)));
}
