using Akka.Actor;
using Akka.Persistence;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>On a coordinator's node: reads the cluster's orders once when the node starts, as it will have to before it leads. The journal is open then and
/// its queries are compiled, which takes seconds; and a standby that could not lead says so while there is still a leader.</summary>
internal sealed class OrdersRehearsal : JournalActor
{
    private readonly Action<string> _log;

    public OrdersRehearsal(JournalSettings orders, string journalPlugin, Action<string> log)
        : base(orders)
    {
        _log = log;
        JournalPluginId = journalPlugin;
        Recover<OrderEvent>(_ => { });
        Recover<RecoveryCompleted>(_ => Context.Stop(Self));
    }

    /// <param name="orders">Where the cluster's orders are kept.</param>
    /// <param name="journalPlugin">The plugin with which the run manager will read them.</param>
    /// <param name="log">Hears why this node could not lead.</param>
    public static Props Props(JournalSettings orders, string journalPlugin, Action<string> log) =>
        Akka.Actor.Props.Create(() => new OrdersRehearsal(orders, journalPlugin, log));

    protected override void JournalFailed(JournalException failure) => _log($"This coordinator could not lead now: {failure.Message}");
}
