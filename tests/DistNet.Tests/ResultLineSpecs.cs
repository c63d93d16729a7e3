using System.Text.Json;

namespace DistNet.Tests;

public sealed class ResultLineSpecs : IDisposable
{
    private static readonly string[] Members =
    [
        "run", "engine", "workers", "parameterShards", "nodes", "epochs", "steps", "examples", "trainSeconds", "examplesPerSecond",
        "trainLoss", "testLoss", "testAccuracy", "weightsSha256", "model",
    ];

    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task With_json_the_result_is_the_only_line_on_standard_output_and_has_exactly_its_members_in_order()
    {
        var outcome = await DistNetProcess.Run(_work.Train("--plain", "--json"));
        Assert.Equal(0, outcome.Code);
        Assert.Equal(Members, outcome.Result.EnumerateObject().Select(member => member.Name));
        Assert.Contains("epoch 2/2", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_counts_epochs_steps_and_examples()
    {
        var result = (await Workspace.Run(_work.Train("--plain", "--json"))).Result;
        Assert.Equal("plain", result.GetProperty("engine").GetString());
        Assert.Equal((1, 1, 1), (Int(result, "workers"), Int(result, "parameterShards"), Int(result, "nodes")));
        Assert.Equal((2, 16, 480), (Int(result, "epochs"), Int(result, "steps"), Int(result, "examples"))); // 240 images in mini-batches of 32: the last has 16
    }

    [Fact]
    public async Task The_result_tells_of_the_test_set_what_evaluate_tells()
    {
        var result = (await Workspace.Run(_work.Train("--plain", "--json", "--epochs", "8", "--learning-rate", "0.01"))).Result;
        var accuracy = result.GetProperty("testAccuracy").GetDouble();
        Assert.InRange(accuracy, 0.5, 1); // ten patterns under noise: guessing gives 0.1
        var evaluated = await Workspace.Run("evaluate", "--data", _work.Data, "--runs", _work.Runs);
        Assert.StartsWith($"accuracy {Figures.Percent(accuracy)}  loss {Figures.Loss(result.GetProperty("testLoss").GetDouble())}  over 60 images", evaluated.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_lies_where_the_result_says_and_the_run_keeps_the_result()
    {
        var outcome = await Workspace.Run(_work.Train("--plain", "--json"));
        Assert.True(File.Exists(outcome.Result.GetProperty("model").GetString()));
        var run = Path.Combine(_work.Runs, outcome.Result.GetProperty("run").GetString()!);
        using var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "result.json")));
        Assert.Equal(outcome.Sha256, kept.RootElement.GetProperty("weightsSha256").GetString());
    }

    [Fact]
    public async Task Without_a_terminal_each_epoch_is_one_line_and_the_end_says_what_to_do_next()
    {
        var lines = (await Workspace.Run(_work.Train("--plain", "--validation", "0.25"))).Output.Split('\n');
        Assert.Equal(2, lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal) && line.Contains("validation", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("distnet evaluate --model", StringComparison.Ordinal));
    }

    private static int Int(JsonElement result, string member) => result.GetProperty(member).GetInt32();
}
