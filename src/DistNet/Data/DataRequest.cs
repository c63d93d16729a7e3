using DistNet.Neural;

namespace DistNet;

/// <summary>Where training data is, and what it is: a folder of images, or a table.</summary>
/// <param name="Path">The folder, or the CSV file.</param>
/// <param name="Table">What the table is for; null for images.</param>
internal sealed record DataRequest(string Path, TableOptions? Table)
{
    /// <summary>The data of a run that is described, at the same place or another.</summary>
    public static DataRequest Of(DataDescription description, string path) => new(path, description.Table?.Options);

    /// <summary>The data of a run or model, where a user says or, if he says nothing, where it was.</summary>
    /// <param name="description">The data.</param>
    /// <param name="given">Folder or file that the user named; null for none.</param>
    /// <exception cref="UsageException">It is not there.</exception>
    public static DataRequest Find(DataDescription description, string? given)
    {
        var path = given ?? description.Source;
        if (description.Table is null) return new DataRequest(DataFolders.Find(given is not null || Directory.Exists(path) ? path : null), null);
        return File.Exists(path) ? Of(description, path) : throw new UsageException($"the table '{path}' is not there; name its file with --data");
    }

    /// <summary>Loads training and test examples.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or a row is bad.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public LoadedData Load()
    {
        if (Table is null)
        {
            var folder = ImageFolder.Load(Path);
            return new LoadedData(Path, folder.Training, folder.Test, null);
        }

        var table = TableData.Load(Path, Table);
        return new LoadedData(Path, table.Training, table.Test, table.Schema);
    }

    /// <summary>Loads the training examples alone.</summary>
    /// <inheritdoc cref="Load"/>
    public IExampleSet LoadTraining() => Table is null ? ImageFolder.LoadTraining(Path) : TableData.Load(Path, Table).Training;
}

/// <summary>Training and test examples.</summary>
/// <param name="Source">Where they were read from.</param>
/// <param name="Training">To train on.</param>
/// <param name="Test">Never trained on; null if the table keeps none.</param>
/// <param name="Schema">What is known of a table's columns; null for images.</param>
internal sealed record LoadedData(string Source, IExampleSet Training, IExampleSet? Test, TableSchema? Schema)
{
    /// <summary>What an example is called.</summary>
    public string Unit => UnitOf(Schema);

    /// <summary>The same, by the columns of a table; null for images.</summary>
    public static string UnitOf(TableSchema? schema) => schema is null ? "images" : "rows";

    /// <summary>The training set's description.</summary>
    public DataDescription Describe() => DataDescription.Of(Training, Source) with { Table = Schema };
}
