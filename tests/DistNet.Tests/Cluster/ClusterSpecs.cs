namespace DistNet.Tests.Cluster;

/// <summary>A cluster of processes gives the bits of the plain trainer, stops when it is told to, and leaves no process behind.</summary>
[Collection(Processes.Name)]
public sealed class ClusterSpecs(CalmRun calm)
{
    [Theory]
    [InlineData("--nodes 1", 1, 1, 1)]
    [InlineData("--nodes 2 --tcp", 2, 2, 2)]
    [InlineData("--nodes 3", 3, 3, 3)]
    [InlineData("--nodes 3 --parameter-servers 2", 5, 3, 2)]
    [InlineData("--nodes 2 --workers 4 --parameter-servers 1 --parameter-shards 3", 3, 4, 3)]
    public async Task Any_number_of_processes_gives_the_bits_of_the_plain_trainer_and_the_result_says_how_many_took_part(
        string engine, int nodes, int workers, int shards)
    {
        using var work = new Workspace();
        var expected = (await Workspace.Run(work.Train("--plain", "--json"))).Sha256;
        var outcome = await DistNetProcess.Run(work.Train(["--json", .. engine.Split(' ')]));
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Equal(expected, outcome.Sha256);
        int[] tookPart = [.. ((string[])["nodes", "workers", "parameterShards"]).Select(name => outcome.Result.GetProperty(name).GetInt32())];
        Assert.Equal([nodes, workers, shards], tookPart);
        Assert.Equal(2, File.ReadLines(Path.Combine(work.Runs, outcome.Result.GetProperty("run").GetString()!, "history.jsonl")).Count());
    }

    [Fact]
    public async Task A_run_that_fails_takes_its_nodes_along_and_says_why_in_one_sentence()
    {
        using var work = new Workspace();
        using var run = ClusterRun.Start(work.Train("--nodes", "2", "--optimizer", "sgd", "--learning-rate", "1e30"));
        await run.HasNodes(3);
        var outcome = await run.End();
        Assert.Equal(1, outcome.Code);
        Assert.Matches("Step [23] was refused: the gradient of dense_[01]/(kernel|bias) from worker-0 of 127.0.0.1:[0-9]+ is not finite", outcome.Sentence);
        await run.NobodyIsLeft();
    }

    [Fact]
    public async Task Ctrl_C_while_the_cluster_comes_up_ends_it_and_leaves_nothing()
    {
        var runs = calm.NewRuns();
        using var run = ClusterRun.Start(calm.Train(runs, "--nodes", "2"));
        await run.HasNodes(3);
        run.InterruptAll();
        Assert.Equal(130, (await run.End()).Code);
        await run.NobodyIsLeft();
        // Nothing but the beginning, where the order was taken before the signal came.
        Assert.All(
            Directory.GetFiles(runs, "*.safetensors", SearchOption.AllDirectories),
            checkpoint => Assert.Equal("step-00000000.safetensors", Path.GetFileName(checkpoint)));
    }

    [Theory]
    [InlineData(false, "--plain")]
    [InlineData(true, "--workers 3")]
    public async Task Ctrl_C_and_termination_stop_the_run_with_a_checkpoint_and_it_resumes_to_the_same_bits(bool isCtrlC, string resumesWith)
    {
        var runs = calm.NewRuns();
        using var run = await Begun(runs);
        if (isCtrlC) run.InterruptAll();
        else run.Signal(ClusterRun.Terminate);
        var outcome = await run.End();
        Assert.Equal(130, outcome.Code);
        Assert.Matches("Stopped after step [0-9]+", outcome.Output);
        Assert.DoesNotContain("started again", outcome.Error, StringComparison.Ordinal);
        await run.NobodyIsLeft();

        var resumed = await DistNetProcess.Run(["train", "--resume", "latest", "--runs", runs, "--json", .. resumesWith.Split(' ')]);
        Assert.Equal(calm.Sha256, resumed.Sha256);
        var audit = await Workspace.Run("audit", "latest", "--runs", runs);
        Assert.Equal(resumesWith == "--plain" ? 1 : 0, audit.Code); // which keeps no ledger
    }

    [Fact]
    public async Task A_parent_that_is_killed_takes_its_nodes_along_and_the_run_resumes_to_the_same_bits()
    {
        var runs = calm.NewRuns();
        using var run = await Begun(runs);
        ClusterRun.Send(ClusterRun.Stop, run.Nodes("worker")[0]); // which cannot see that its parent is gone
        run.Signal(ClusterRun.Kill);
        await run.NobodyIsLeft();

        var resumed = await DistNetProcess.Run(["train", "--resume", "latest", "--runs", runs, "--json", "--plain"]);
        Assert.Equal(calm.Sha256, resumed.Sha256);
    }

    [Fact]
    public async Task A_cluster_resumes_its_run_and_with_images_that_were_moved_those_that_are_named()
    {
        using var work = new Workspace(CalmRun.Images);
        using (var run = ClusterRun.Start(work.Train([.. CalmRun.Options, "--nodes", "2"])))
        {
            await run.LineWith(CalmRun.IsUnderWay);
            run.InterruptAll();
            Assert.Equal(130, (await run.End()).Code);
        }
        var moved = work.Data + "-moved";
        Directory.Move(work.Data, moved);

        var resumed = await DistNetProcess.Run(["train", "--resume", "latest", "--runs", work.Runs, "--data", moved, "--json", "--nodes", "2"]);
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(calm.Sha256, resumed.Sha256);
        Assert.Equal(0, (await Workspace.Run("audit", "latest", "--runs", work.Runs)).Code);
    }

    [Theory]
    [InlineData("--nodes 0", "--nodes must be a whole number from 1 to 64, but '0' was given")]
    [InlineData("--workers 3 --nodes 2", "3 workers cannot be shared equally by 2 nodes")]
    [InlineData("--parameter-servers 2", "--parameter-servers belongs to a cluster")]
    [InlineData("--plain --nodes 2", "--plain trains on one thread")]
    [InlineData("--nodes 2 --parameter-shards 500", "a cluster has at most 400 workers and 400 parameter shards, but 2 and 500 were asked for")]
    public async Task A_cluster_that_cannot_be_is_refused_in_a_sentence(string engine, string sentence)
    {
        using var work = new Workspace();
        var outcome = await Workspace.Run(work.Train(engine.Split(' ')));
        Assert.Equal(2, outcome.Code);
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(work.Runs));
    }

    private async Task<ClusterRun> Begun(string runs)
    {
        var run = ClusterRun.Start(calm.Train(runs, "--nodes", "2"));
        await run.LineWith(CalmRun.IsUnderWay);
        run.Nodes();
        return run;
    }
}
