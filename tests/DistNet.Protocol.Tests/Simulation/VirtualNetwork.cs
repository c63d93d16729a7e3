namespace DistNet.Protocol.Tests.Simulation;

/// <summary>How unreliable a network is, until it heals.</summary>
internal sealed record Loss(int LostPerThousand, int TwicePerThousand, TimeSpan Until)
{
    public static Loss None { get; } = new(0, 0, TimeSpan.Zero);
}

/// <summary>Time and messages of a simulated cluster, all from one seed: messages take random times, in order
/// for each pair of sender and receiver, as Akka delivers them.</summary>
internal sealed class VirtualNetwork(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Sequence)> _events = new();
    private readonly Dictionary<(string From, string To), TimeSpan> _lastDelivery = [];
    private readonly Dictionary<string, TimeSpan> _pausedUntil = [];
    private readonly HashSet<string> _gone = [];
    private readonly Random _random = new(seed);
    private long _sequence;
    private Loss _loss = Loss.None;

    public TimeSpan Now { get; private set; }

    public long Events { get; private set; }

    /// <summary>A number in [0, below).</summary>
    public int Chance(int below) => _random.Next(below);

    public TimeSpan Milliseconds(int below) => TimeSpan.FromMilliseconds(_random.NextDouble() * below);

    public void At(TimeSpan time, Action action) => _events.Enqueue(action, (time, _sequence++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>From now on messages between nodes may be lost or come twice.</summary>
    public void Lose(Loss loss) => _loss = loss;

    /// <summary>Sends between nodes: what is sent may be lost, and may come twice in a row.</summary>
    public void SendAcross(string from, string to, Action deliver)
    {
        bool isLossy = _loss != Loss.None && Now < _loss.Until;
        int copies = !isLossy ? 1 : Chance(1000) < _loss.LostPerThousand ? 0 : Chance(1000) < _loss.TwicePerThousand ? 2 : 1;
        Lost += copies == 0 ? 1 : 0;
        for (int i = 0; i < copies; i++)
            Send(from, to, deliver);
    }

    /// <summary>Messages that were lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Sends inside a process, where nothing is lost.</summary>
    public void Send(string from, string to, Action deliver)
    {
        // One in ten is slow, so that messages of different senders overtake each other by several steps.
        TimeSpan at = Now + Milliseconds(Chance(10) == 0 ? 60 : 6);
        from = from.Split('#')[0]; // nor does a member overtake what it said before it crashed
        if (_lastDelivery.TryGetValue((from, to), out TimeSpan last) && last > at)
            at = last;
        _lastDelivery[(from, to)] = at;
        At(at, () => Deliver(to, deliver));
    }

    /// <summary>What is sent from one to the other from now on arrives no sooner than this.</summary>
    public void Hang(string from, string to, TimeSpan duration)
    {
        TimeSpan last = _lastDelivery.GetValueOrDefault((from, to));
        _lastDelivery[(from, to)] = Now + duration > last ? Now + duration : last;
    }

    /// <summary>What is sent to this address, or to one within it, is lost from now on.</summary>
    public void Cut(string address) => _gone.Add(address);

    /// <summary>Whether it was cut off, or what it is within.</summary>
    public bool IsGone(string address) => Owners(address).Any(_gone.Contains);

    /// <summary>What is sent to this address, or to one within it, waits.</summary>
    public void Pause(string address, TimeSpan duration) => _pausedUntil[address] = Now + duration;

    /// <summary>Makes the next event happen.</summary>
    public void Step()
    {
        _events.TryDequeue(out Action? action, out (TimeSpan At, long) when);
        Now = when.At;
        Events++;
        action!();
    }

    /// <summary>Something happens at this address, unless it is gone: at once, or when its pause is over.</summary>
    public void Reach(string address, Action action) => Deliver(address, action);

    private void Deliver(string to, Action deliver)
    {
        TimeSpan until = TimeSpan.Zero;
        foreach (string owner in Owners(to))
        {
            if (_gone.Contains(owner))
                return;
            if (_pausedUntil.TryGetValue(owner, out TimeSpan paused) && paused > until)
                until = paused;
        }
        if (until > Now)
            At(until, () => Deliver(to, deliver));
        else
            deliver();
    }

    // "process", "process/part", "process/part/member": what befalls the first befalls the others.
    private static IEnumerable<string> Owners(string address)
    {
        for (int at = address.IndexOf('/', StringComparison.Ordinal); at >= 0; at = address.IndexOf('/', at + 1))
            yield return address[..at];
        yield return address;
    }
}
