namespace DistNet;

/// <summary>Finds the folder of images.</summary>
internal static class DataFolders
{
    private static readonly string Usual = Path.Combine("data", "mnist");

    /// <summary>The folder named by --data; else data/mnist under the working directory, one of its parents, or one of the program's.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Find(string? named) => FindIfAny(named) ?? throw Missing();

    /// <summary>The same; null where none is named and none of the usual ones is there.</summary>
    /// <exception cref="UsageException">The one that is named does not exist.</exception>
    public static string? FindIfAny(string? named)
    {
        if (named is not null)
            return Directory.Exists(named) ? named : throw new UsageException(
                $"the data folder '{named}' does not exist; name one with --data");
        if (Directory.Exists(Usual)) return Usual;
        return Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory);
    }

    /// <summary>There is none.</summary>
    public static UsageException Missing() => new($"no folder '{Usual}' here, nor beside the program; name the folder of the images with --data");

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Usual);
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
