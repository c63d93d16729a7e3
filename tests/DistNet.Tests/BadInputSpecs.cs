namespace DistNet.Tests;

/// <summary>Bad input of every kind is answered with one sentence, exit code 1 or 2, and harms nothing.</summary>
public sealed class BadInputSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("--batch 0", "--batch must be a whole number from 1")]
    [InlineData("--batch many", "'many' was given")]
    [InlineData("--epochs -3", "--epochs must be a whole number from 1")]
    [InlineData("--micro-batch 0", "--micro-batch must be a whole number from 1")]
    [InlineData("--workers 0", "--workers must be a whole number from 1")]
    [InlineData("--workers 2147483647", "--workers must be a whole number from 1 to 1024")]
    [InlineData("--parameter-shards 100000", "--parameter-shards must be a whole number from 1 to 1024")]
    [InlineData("--parameter-shards 0", "--parameter-shards must be a whole number from 1")]
    [InlineData("--optimizer adm", "'adm' is unknown: choose sgd, momentum, nesterov, rmsprop, adam, adamw or adagrad")]
    [InlineData("--optimizer adam:beta9=1", "beta9")]
    [InlineData("--dropout 1", "--dropout must be a number from 0 to below 1, but '1' was given")]
    [InlineData("--distortion wavy", "'wavy' is unknown: choose elastic")]
    [InlineData("--schedule sine", "'sine' is unknown: choose constant, step, exponential or cosine")]
    [InlineData("--activation tan", "--activation must be one of linear, relu, sigmoid, tanh, softmax, but 'tan'")]
    [InlineData("--loss mse", "--loss must be one of")]
    [InlineData("--output sigmoid --loss categorical_crossentropy", "softmax")]
    [InlineData("--hidden 0", "--hidden must be whole numbers from 1")]
    [InlineData("--hidden 512,x", "but 'x' was given")]
    [InlineData("--hidden 1048576,1048576", "parameters")]
    [InlineData("--learning-rate 0", "learningRate must be a positive number")]
    [InlineData("--learning-rate fast", "'fast' was given")]
    [InlineData("--weight-decay -1", "--weight-decay must be a number of at least 0")]
    [InlineData("--validation 1", "--validation must be a number from 0 to below 1")]
    [InlineData("--validation 0.0001", "less than one")]
    [InlineData("--early-stopping 0", "--early-stopping must be a whole number from 1")]
    [InlineData("--seed x", "--seed must be a whole number")]
    [InlineData("--bach 3", "unknown option '--bach', did you mean '--batch'?")]
    [InlineData("--plain --workers 3", "--plain trains on one thread")]
    [InlineData("extra", "unknown argument 'extra'")]
    public async Task An_impossible_option_is_a_usage_error_that_names_it(string options, string sentence)
    {
        var outcome = await Workspace.Run(_work.Train(options.Split(' ')));
        Assert.Equal(2, outcome.Code);
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.Runs));
    }

    [Theory]
    [InlineData("status --cluster", "coordinator")]
    [InlineData("status --cluster", "coordinator:4053 ")]
    [InlineData("cancel --cluster", "coordinator:+4053")]
    [InlineData("node --roles worker --join", "coordinator: 4053")]
    [InlineData("node --roles worker --join", " coordinator:4053")]
    public async Task What_is_no_host_and_port_is_a_usage_error(string command, string node)
    {
        string[] arguments = [.. command.Split(' '), node];
        Refused(await Workspace.Run(arguments), 2, $"{arguments[^2]} needs HOST:PORT, but '{node}' was given");
    }

    [Theory]
    [InlineData("train --plain --runs")]
    [InlineData("train --resume")]
    [InlineData("train --spec")]
    [InlineData("evaluate --model")]
    [InlineData("submit --resume")]
    [InlineData("node --secret-file")]
    [InlineData("audit")]
    [InlineData("runs show")]
    [InlineData("import --layers 4,2")]
    public async Task An_empty_value_as_of_a_variable_that_is_not_set_is_a_usage_error(string command) =>
        Refused(await Workspace.Run([.. command.Split(' '), ""]), 2, " needs a value, but '' was given");

    [Fact]
    public async Task Where_the_first_node_has_no_known_name_the_way_to_the_next_is_taken() =>
        Assert.Equal("127.0.0.1", await Task.Run(() => OwnHost.Resolve(OwnHost.Auto, ["nowhere.invalid:4053", "127.0.0.1:4053"])));

    [Theory]
    [InlineData("akka.cluster.gossip-interval = abc", "'abc'")]
    [InlineData("distnet.downing.stable-after = soon", "'soon'")]
    [InlineData("akka.remote.dot-netty.tcp.maximum-frame-size = huge", "'huge'")]
    public async Task A_value_in_Akkas_settings_that_cannot_be_used_is_named(string setting, string value)
    {
        var file = Path.Combine(_work.Root, "node.conf");
        File.WriteAllText(file, setting);
        var secret = Path.Combine(_work.Root, "secret");
        Refused(
            await Workspace.Run("node", "--roles", "worker", "--port", "0", "--tensor-port", "0", "--secret-file", secret, "--make-secret", "--config", file),
            1, "a value in Akka's settings cannot be used", value, "--config");
    }

    [Fact]
    public async Task A_client_is_told_that_its_host_is_not_this_machines() =>
        Refused(await Workspace.Run("status", "--host", "192.0.2.1"), 1, "192.0.2.1", "--host");

    [Fact]
    public async Task A_missing_data_folder_is_named()
    {
        var outcome = await Workspace.Run("train", "--data", Path.Combine(_work.Root, "nowhere"), "--runs", _work.Runs);
        Refused(outcome, 2, "nowhere' does not exist; name one with --data");
    }

    [Fact]
    public async Task A_missing_file_of_the_data_folder_is_named()
    {
        File.Delete(SmallImages.LabelsOf(_work.Data));
        Refused(await Workspace.Run(_work.Train()), 1, "train-labels-idx1-ubyte");
    }

    [Fact]
    public async Task A_damaged_data_file_is_refused_with_path_offset_expected_and_found()
    {
        var path = SmallImages.ImagesOf(_work.Data);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..500]);
        Refused(await Workspace.Run(_work.Train()), 1, path, "offset", "expected", "found");
    }

    [Fact]
    public async Task A_folder_for_runs_that_cannot_be_made_is_refused()
    {
        var file = Path.Combine(_work.Root, "file");
        await File.WriteAllTextAsync(file, "not a folder");
        Refused(await Workspace.Run(_work.Train("--plain", "--runs", Path.Combine(file, "runs"))), 1, file);
    }

    [Fact]
    public async Task A_read_only_disk_is_refused()
    {
        if (!OperatingSystem.IsLinux()) return;
        Refused(await Workspace.Run(_work.Train("--plain", "--runs", "/proc/runs")), 1, "/proc/runs");
    }

    [Fact]
    public async Task A_full_disk_under_standard_output_is_refused()
    {
        if (!OperatingSystem.IsLinux()) return;
        var arguments = string.Join(' ', _work.Train("--plain"));
        var program = Path.Combine(AppContext.BaseDirectory, "distnet.dll");
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"dotnet {program} {arguments} > /dev/full"]) { RedirectStandardError = true })!;
        var error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Refused(new Outcome(shell.ExitCode, "", error), 1, "No space left on device");
    }

    [Fact]
    public async Task A_specification_file_that_is_damaged_is_refused_by_name()
    {
        var file = Path.Combine(_work.Root, "spec.json");
        await File.WriteAllTextAsync(file, "{ \"network\": ");
        Refused(await Workspace.Run(_work.Train("--spec", file)), 1, file);
        Refused(await Workspace.Run(_work.Train("--spec", file + "x")), 1, file + "x", "check the path");
    }

    [Fact]
    public async Task A_damaged_model_is_refused()
    {
        var model = await TrainedModel();
        var bytes = await File.ReadAllBytesAsync(model);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(model, bytes);
        Refused(await Workspace.Run("evaluate", "--model", model, "--data", _work.Data), 1, model, "expected", "found");
    }

    [Theory]
    [InlineData("evaluate")]
    [InlineData("predict 0")]
    public async Task A_model_that_does_not_fit_the_images_is_refused(string command)
    {
        var model = await TrainedModel();
        var larger = Path.Combine(_work.Root, "larger");
        SmallImages.WriteFolder(larger, side: 9);
        Refused(await Workspace.Run([.. command.Split(' '), "--model", model, "--data", larger]), 1, "64 inputs", "81");
    }

    [Fact]
    public async Task A_run_or_image_that_does_not_exist_is_refused()
    {
        Refused(await Workspace.Run("evaluate", "--runs", _work.Runs, "--data", _work.Data), 1, "no runs");
        await TrainedModel();
        Refused(await Workspace.Run("runs", "show", "1999", "--runs", _work.Runs), 1, "There is no run '1999'");
        Refused(await Workspace.Run("predict", "60", "--runs", _work.Runs, "--data", _work.Data), 2, "numbered from 0 to 59");
        Refused(await Workspace.Run("predict", "x"), 2, "IMAGE must be a whole number");
    }

    [Fact]
    public async Task A_gradient_that_is_not_finite_stops_the_run_with_its_step_and_tensor_and_leaves_no_half_run()
    {
        var outcome = await Workspace.Run(_work.Train("--plain", "--output", "linear", "--optimizer", "sgd", "--learning-rate", "1e30"));
        Refused(outcome, 1, "Step", "dense_");
        Assert.Empty(Directory.GetDirectories(_work.Runs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--plain")]
    public async Task A_network_too_large_for_memory_is_refused_before_a_run_begins(string engine)
    {
        var arguments = _work.Train(["--hidden", "1048576", .. engine.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var outcome = await DistNetProcess.Run(arguments, environment: ("DOTNET_GCHeapHardLimit", "0x10000000"));
        Refused(outcome, 2, "parameters", "of memory, but there are 268.44 MB; use fewer units");
        Assert.False(Directory.Exists(_work.Runs));
    }

    [Theory]
    [InlineData("--plain", "240 examples at once")]
    [InlineData("--workers 2 --micro-batch 120", "120 examples at once")]
    public async Task A_mini_batch_too_large_for_one_buffer_is_refused_before_a_run_begins(string engine, string sentence)
    {
        var spec = Path.Combine(_work.Root, "wide.json");
        var network = Neural.NetworkSpec.WithInputs(64).Dense(20_000_000, Neural.Activation.Relu).Dense(10, Neural.Activation.Softmax).Minimize(Neural.Loss.CategoricalCrossentropy);
        await File.WriteAllTextAsync(spec, Neural.TrainingSpecJson.Write(new Neural.TrainingSpec { Network = network, Optimizer = Neural.OptimizerSpec.Parse("sgd") }));
        string[] arguments = ["train", "--data", _work.Data, "--runs", _work.Runs, "--spec", spec, "--batch", "240"];
        Refused(await Workspace.Run([.. arguments, .. engine.Split(' ')]), 2, sentence, "use a smaller --batch");
        Assert.False(Directory.Exists(_work.Runs));
    }

    [Fact]
    public async Task Memory_that_runs_out_on_the_way_is_a_sentence()
    {
        // 93 MB of parameters, slots, sums and activations pass the check; the runtime's own share and the evaluation's do not fit beside them.
        var arguments = _work.Train("--hidden", "100000", "--batch", "4", "--epochs", "1", "--plain");
        var outcome = await DistNetProcess.Run(arguments, environment: ("DOTNET_GCHeapHardLimit", "0x6000000"));
        Refused(outcome, 1, "use fewer units, a smaller batch or fewer workers");
    }

    [Fact]
    public async Task A_failed_command_leaves_earlier_runs_untouched()
    {
        await TrainedModel();
        var before = Snapshot();
        File.Delete(SmallImages.ImagesOf(_work.Data));
        Assert.Equal(1, (await Workspace.Run(_work.Train("--plain"))).Code);
        Assert.Equal(before, Snapshot());
    }

    private static void Refused(Outcome outcome, int code, params string[] parts)
    {
        Assert.Equal(code, outcome.Code);
        Assert.StartsWith("distnet: ", outcome.Sentence, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, outcome.Sentence, StringComparison.Ordinal));
    }

    private async Task<string> TrainedModel() =>
        (await Workspace.Run(_work.Train("--plain", "--json"))).Result.GetProperty("model").GetString()!;

    private string[] Snapshot() =>
        [.. Directory.EnumerateFiles(_work.Runs, "*", SearchOption.AllDirectories).Order().Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
}
