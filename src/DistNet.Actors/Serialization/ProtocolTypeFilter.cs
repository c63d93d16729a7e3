using System.Text.RegularExpressions;
using Hyperion;

namespace DistNet.Actors;

/// <summary>Hyperion's allow-list: the protocol's types, whether named with version, culture and key, or without.</summary>
/// <remarks>
/// Hyperion asks with full names when it writes and with short ones when it reads; its own filter knows the short ones only, and refuses what
/// it allows. It asks any filter only while unsafe types are disallowed.
/// </remarks>
public sealed partial class ProtocolTypeFilter : ITypeFilter
{
    private readonly HashSet<string> _allowed;

    /// <summary>Allows what <paramref name="types"/> allows.</summary>
    public ProtocolTypeFilter(ProtocolTypes types)
    {
        ArgumentNullException.ThrowIfNull(types);
        _allowed = [.. types.Allowed.Select(type => WithoutVersion(type.AssemblyQualifiedName!))];
    }

    /// <inheritdoc/>
    public bool IsAllowed(string typeName) => _allowed.Contains(WithoutVersion(typeName));

    private static string WithoutVersion(string name) => VersionOfAssembly().Replace(name, "");

    // Hyperion writes ",%core%" for version, culture and key of the core library.
    [GeneratedRegex(@", Version=[\d.]+, Culture=\w+, PublicKeyToken=\w+|,%core%", RegexOptions.CultureInvariant)]
    private static partial Regex VersionOfAssembly();
}
