using DistNet;

return await DistNetProgram.RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);
