namespace DistNet.Protocol;

/// <summary>Numbers for the addresses of all workers a run ever had, in the order in which its generations first name them.</summary>
/// <remarks>Who reads the same generations gives the same numbers, so the ledger need not repeat an address for each step.</remarks>
public sealed class WorkerTable
{
    private readonly List<string> _addresses = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Addresses by number.</summary>
    public IReadOnlyList<string> Addresses => _addresses;

    /// <summary>Numbers the addresses that are new, in their order.</summary>
    public void Add(IEnumerable<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        foreach (string address in addresses)
            Add(address);
    }

    /// <summary>The number of an address, which is given one if it is new.</summary>
    public int Add(string address)
    {
        if (_numbers.TryGetValue(address, out int known))
            return known;
        _numbers.Add(address, _addresses.Count);
        _addresses.Add(address);
        return _addresses.Count - 1;
    }

    /// <summary>Whether an address has a number.</summary>
    public bool Contains(string address) => _numbers.ContainsKey(address);

    /// <summary>The number of a worker that some generation named.</summary>
    /// <exception cref="KeyNotFoundException">None did.</exception>
    public int NumberOf(string address) => _numbers.TryGetValue(address, out int number)
        ? number
        : throw new KeyNotFoundException($"No generation of this run has named the worker {address}.");
}
