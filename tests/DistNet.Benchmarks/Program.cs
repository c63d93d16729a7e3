using System.Globalization;
using BenchmarkDotNet.Running;
using DistNet.Benchmarks;

// "shares", "transport", "hostile" and "heartbeats" stand a noisy machine; everything else is BenchmarkDotNet's command line.
if (args is ["shares", ..])
    KernelShares.Run(Console.Out);
else if (args is ["transport", "peer", var address])
    await TransportPeer.RunAsync(TransportPeer.Parse(address));
else if (args is ["transport", ..])
    await TransportSpeed.RunAsync(args is [_, "busy"], Console.Out);
else if (args is ["hostile", ..])
    await HostileCluster.RunAsync(args is [_, "--rounds", var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 1, Console.Out);
else if (args is ["heartbeats", ..])
    return await HeartbeatWatch.RunAsync(args is [_, "--minutes", var minutes] ? double.Parse(minutes, CultureInfo.InvariantCulture) : 0.5, Console.Out) == 0 ? 0 : 1;
else if (args is ["recovery"])
    await RecoveryWatch.RunAsync(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
