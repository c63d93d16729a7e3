using System.IO.Compression;

namespace DistNet.Tests;

/// <summary>The packages that the repository makes.</summary>
public sealed class PackageSpecs : IDisposable
{
    private readonly Workspace _work = new();

    private string Packages => Path.Combine(_work.Root, "packages");

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("DistNet.Neural")]
    [InlineData("DistNet.Actors")]
    public async Task Libraries_pack_with_readme_documentation_and_symbols(string project)
    {
        await Pack(project);
        await using var package = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(Packages, "*.nupkg")));
        Assert.All(
            ["README.md", $"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml"],
            file => Assert.Contains(package.Entries, entry => entry.FullName == file));
        await using var symbols = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(Packages, "*.snupkg")));
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{project}.pdb");
    }

    [Fact]
    public async Task The_tool_installs_from_its_package_and_trains_in_an_empty_folder()
    {
        await Pack("DistNet");
        var sources = Path.Combine(_work.Root, "NuGet.config"); // the package brings all it needs: no other source is asked
        await File.WriteAllTextAsync(sources, $"""<configuration><packageSources><clear /><add key="here" value="{Packages}" /></packageSources></configuration>""");
        var tools = Path.Combine(_work.Root, "tools");
        await Run("dotnet", "tool", "install", "DistNet.Tool", "--tool-path", tools, "--configfile", sources);

        var empty = Directory.CreateDirectory(Path.Combine(_work.Root, "empty")).FullName;
        var trained = await DistNetProcess.RunOther(Path.Combine(tools, "distnet"), ["train", "--data", _work.Data, "--epochs", "1", "--json"], empty);
        Assert.True(trained.Code == 0, trained.Error);
        var plain = await Workspace.Run("train", "--plain", "--data", _work.Data, "--epochs", "1", "--runs", _work.Runs, "--json");
        Assert.Equal(plain.Sha256, trained.Sha256);
        Assert.Equal(["runs"], Directory.GetFileSystemEntries(empty).Select(Path.GetFileName));
        var drawn = await DistNetProcess.RunOther(Path.Combine(tools, "distnet"), ["plot", "network"], empty); // the package's native parts
        Assert.True(drawn.Code == 0, drawn.Error);
    }

    private async Task Pack(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name; // Release or Debug, as the tests
        await Run("dotnet", "pack", Path.Combine(Repository.Root, "src", project), "--configuration", configuration, "--no-build", "--output", Packages);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var outcome = await DistNetProcess.RunOther(program, arguments);
        Assert.True(outcome.Code == 0, outcome.Output + outcome.Error);
    }
}
