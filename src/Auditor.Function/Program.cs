using Google.Cloud.Functions.Hosting;

return await EntryPoint.StartAsync(typeof(Program).Assembly, args);
