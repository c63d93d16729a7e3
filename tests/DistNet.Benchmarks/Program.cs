using BenchmarkDotNet.Running;
using DistNet.Benchmarks;

// "shares" and "transport" are quick and stand a noisy machine; everything else is BenchmarkDotNet's command line.
if (args is ["shares", ..])
    KernelShares.Run(Console.Out);
else if (args is ["transport", "peer", var address])
    await TransportPeer.RunAsync(TransportPeer.Parse(address));
else if (args is ["transport", ..])
    await TransportSpeed.RunAsync(args is [_, "busy"], Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
