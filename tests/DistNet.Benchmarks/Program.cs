using BenchmarkDotNet.Running;
using DistNet.Benchmarks;

// "shares" is quick and stands a noisy machine; everything else is BenchmarkDotNet's command line.
if (args is ["shares", ..])
    KernelShares.Run(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
