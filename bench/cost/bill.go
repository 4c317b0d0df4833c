package main

// prices are in US dollars.
type prices struct {
	AsOf   string `json:"as_of"`
	Region string `json:"region"`
	Note   string `json:"note"`

	LambdaGBSecond     float64 `json:"lambda_gb_second_arm64"`
	LambdaRequests     float64 `json:"lambda_million_requests"`
	APIRequests        float64 `json:"http_api_million_requests"`
	AppSyncOperations  float64 `json:"appsync_million_operations"`
	AppSyncMessages    float64 `json:"appsync_million_messages"`
	WriteUnits         float64 `json:"dynamodb_million_write_units"`
	ReadUnits          float64 `json:"dynamodb_million_read_units"`
	TableGB            float64 `json:"dynamodb_gb_month"`
	BackupGB           float64 `json:"dynamodb_backup_gb_month"`
	Puts               float64 `json:"s3_thousand_puts"`
	Gets               float64 `json:"s3_thousand_gets"`
	StandardGB         float64 `json:"s3_standard_gb_month"`
	QueueRequests      float64 `json:"sqs_million_requests"`
	CloudFrontGB       float64 `json:"cloudfront_gb"`
	CloudFrontRequests float64 `json:"cloudfront_million_requests"`
	LogsGB             float64 `json:"logs_gb"`
	AlarmMetric        float64 `json:"alarm_metric_month"`
	CustomMetric       float64 `json:"custom_metric_month"`
}

// usage is what an image, and a month without any, were measured to use.
type usage struct {
	Measured string   `json:"measured"`
	How      []string `json:"how"`
	Image    struct {
		OriginalMB     float64 `json:"original_mb"`
		RenditionsMB   float64 `json:"renditions_mb"`
		DevelopSeconds float64 `json:"develop_seconds"`
		APIRequests    float64 `json:"api_requests"`
		APISeconds     float64 `json:"api_seconds"`
		PublishBatches float64 `json:"publish_batches"`
		PublishSeconds float64 `json:"publish_seconds"`
		Events         float64 `json:"events"`
		WriteUnits     float64 `json:"write_units"`
		ReadUnits      float64 `json:"read_units"`
		ItemsKB        float64 `json:"items_kb"`
		Puts           float64 `json:"s3_puts"`
		Gets           float64 `json:"s3_gets"`
		QueueRequests  float64 `json:"queue_requests"`
		ViewedMB       float64 `json:"viewed_mb"`
		ViewedFiles    float64 `json:"viewed_files"`
		LogKB          float64 `json:"log_kb"`
	} `json:"image"`
	MemoryMB struct {
		Develop float64 `json:"develop"`
		API     float64 `json:"api"`
		Publish float64 `json:"publish"`
		Sweep   float64 `json:"sweep"`
	} `json:"memory_mb"`
	Month struct {
		Sweeps        float64 `json:"sweeps"`
		SweepSeconds  float64 `json:"sweep_seconds"`
		SweepReads    float64 `json:"sweep_read_units"`
		QueuePolls    float64 `json:"queue_polls"`
		AlarmMetrics  float64 `json:"alarm_metrics"`
		CustomMetrics float64 `json:"custom_metrics"`
	} `json:"month"`
}

// line is one service's part of a month's bill.
type line struct {
	what string
	cost float64
}

const (
	million  = 1e6
	thousand = 1e3
)

// bill reckons a month in which so many images were added, and each of them viewed. What is stored is that month's images
// alone: each month before costs as much storage again.
func bill(p prices, u usage, images float64) []line {
	i, m := u.Image, u.Month
	gb := func(mb float64) float64 { return images * mb / thousand }
	seconds := func(memory, s float64) float64 { return memory / 1024 * s * p.LambdaGBSecond }
	developing := images * (seconds(u.MemoryMB.Develop, i.DevelopSeconds) + p.LambdaRequests/million)
	answering := images * (i.APIRequests*(seconds(u.MemoryMB.API, i.APISeconds)+p.LambdaRequests/million) +
		i.PublishBatches*(seconds(u.MemoryMB.Publish, i.PublishSeconds)+p.LambdaRequests/million))
	sweeping := m.Sweeps * (seconds(u.MemoryMB.Sweep, m.SweepSeconds) + p.LambdaRequests/million)
	return []line{
		{"Lambda: developing", developing},
		{"Lambda: answering, publishing, sweeping", answering + sweeping},
		{"HTTP API", images * i.APIRequests * p.APIRequests / million},
		{"AppSync: each event published, and told to one client", images * i.Events * (p.AppSyncOperations + p.AppSyncMessages) / million},
		{"DynamoDB: requests", (images*i.WriteUnits*p.WriteUnits + (images*i.ReadUnits+m.Sweeps*m.SweepReads)*p.ReadUnits) / million},
		{"DynamoDB: storage and backup", gb(i.ItemsKB/thousand) * (p.TableGB + p.BackupGB)},
		{"S3: requests", images * (i.Puts*p.Puts + i.Gets*p.Gets) / thousand},
		{"S3: originals and renditions, one month's", gb(i.OriginalMB+i.RenditionsMB) * p.StandardGB},
		{"CloudFront: views", gb(i.ViewedMB)*p.CloudFrontGB + images*i.ViewedFiles*p.CloudFrontRequests/million},
		{"SQS, polls included", (images*i.QueueRequests + m.QueuePolls) * p.QueueRequests / million},
		{"Logs, alarms, metrics", gb(i.LogKB/thousand)*p.LogsGB + m.AlarmMetrics*p.AlarmMetric + m.CustomMetrics*p.CustomMetric},
	}
}
