using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace DistNet;

/// <summary>Has the system end a process with the one that started it, also while it is stopped and cannot see
/// its input end. On Linux; elsewhere it ends once it goes on.</summary>
internal static partial class ParentDeath
{
    private const int SetSignal = 1; // PR_SET_PDEATHSIG
    private const nuint Kill = 9; // SIGKILL

    private static readonly Lazy<BlockingCollection<Task>> s_starts = new(BeginStarting);

    /// <summary>Ends this process with its parent. The parent must have started it by <see cref="Start"/>.</summary>
    public static void EndWithParent()
    {
        if (OperatingSystem.IsLinux()) _ = ControlProcess(SetSignal, Kill, 0, 0, 0);
    }

    /// <summary>Starts a process: what Linux takes for its parent is the thread that does so, and those of the pool come and go.</summary>
    /// <param name="start">Returns when it is started.</param>
    public static void Start(Action start)
    {
        var task = new Task(start);
        s_starts.Value.Add(task);
        task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Task> BeginStarting()
    {
        var starts = new BlockingCollection<Task>();
        var thread = new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable()) start.RunSynchronously();
        });
        (thread.IsBackground, thread.Name) = (true, "process-starter");
        thread.Start();
        return starts;
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ControlProcess(int option, nuint argument, nuint unused, nuint unused2, nuint unused3);
}
